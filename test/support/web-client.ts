import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { WebSocket } from 'ws';

/**
 * A stock client over WebSocket: mqtt.js decides once in a process whether it has Node's transports, and where the engine
 * runs it has not.
 */
export function connectWebClient(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  return connectAsync(url, {
    ...options,
    reconnectPeriod: 0,
    forceNativeWebSocket: true,
    createWebsocket: (address: string, subprotocols: string[]) => new WebSocket(address, subprotocols),
  });
}
