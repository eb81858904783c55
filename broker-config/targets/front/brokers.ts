/** A broker that a web server can stand in front of: where Debian's package and our configuration put its WebSocket. */
export interface FrontedBroker {
  readonly name: string;
  readonly port: number;
  readonly path: string;
}

/** The path is the broker's own; the page's is `/mqtt` in front of each of them. */
export const FRONTED: readonly FrontedBroker[] = [
  { name: 'mosquitto', port: 9001, path: '/mqtt' },
  { name: 'nats', port: 9222, path: '/mqtt' },
  { name: 'rabbitmq', port: 15675, path: '/ws' },
];
