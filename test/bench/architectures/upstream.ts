import mqtt from 'mqtt';
import type { MqttClient } from 'mqtt';

/** Whose messages a bridge forwards. */
export interface UpstreamOptions<Watcher> {
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** How long a device stays subscribed after its last watcher has gone, ms. */
  readonly linger: number;
  readonly deliver: (
    watchers: ReadonlySet<Watcher>,
    deviceId: string,
    leaf: 'telemetry' | 'ack',
    data: unknown,
  ) => void;
}

/** A bridge's one MQTT client, with a map from device to those who watch it: only what somebody watches is subscribed. */
export class Upstream<Watcher> {
  readonly #client: MqttClient;
  readonly #options: UpstreamOptions<Watcher>;
  readonly #watchers = new Map<string, Set<Watcher>>();

  constructor(options: UpstreamOptions<Watcher>) {
    this.#options = options;
    const { port, username, password } = options;
    this.#client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { username, password, clientId: username });
    this.#client.on('message', (topic, payload) => this.#receive(topic, payload));
  }

  /** Resolves when the broker sends what the devices publish. */
  async watch(deviceIds: readonly string[], watcher: Watcher): Promise<void> {
    const first: string[] = [];
    for (const id of deviceIds) {
      const watchers = this.#watchers.get(id);
      if (watchers) watchers.add(watcher);
      else {
        this.#watchers.set(id, new Set([watcher]));
        first.push(...topicsOf(id));
      }
    }
    if (first.length > 0) await this.#client.subscribeAsync(first, { qos: 0 });
  }

  /** With the last watcher of a device gone, and nobody back within the linger, it is unsubscribed. */
  unwatch(watcher: Watcher): void {
    for (const [id, watchers] of this.#watchers) {
      if (!watchers.delete(watcher) || watchers.size > 0) continue;
      setTimeout(() => {
        if (watchers.size > 0) return;
        this.#watchers.delete(id);
        this.#client.unsubscribe(topicsOf(id));
      }, this.#options.linger);
    }
  }

  async command(deviceId: string, payload: unknown): Promise<void> {
    await this.#client.publishAsync(`devices/${deviceId}/cmd`, JSON.stringify(payload), { qos: 1 });
  }

  #receive(topic: string, payload: Buffer): void {
    const [, id = '', leaf] = topic.split('/');
    const watchers = this.#watchers.get(id);
    if (!watchers || (leaf !== 'telemetry' && leaf !== 'ack')) return;
    let data: unknown;
    try {
      data = JSON.parse(payload.toString());
    } catch {
      // A device's broken message is not worth the bridge.
      return;
    }
    this.#options.deliver(watchers, id, leaf, data);
  }
}

function topicsOf(deviceId: string): string[] {
  return [`devices/${deviceId}/telemetry`, `devices/${deviceId}/ack`];
}
