import mqtt from 'mqtt';
import type { LoadMqtt } from '../../src/engine/connection/load-mqtt.ts';

/** mqtt.js of Node, in place of the file that the worker loads. */
export const loadMqtt: LoadMqtt = async () => mqtt;
