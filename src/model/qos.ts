/** MQTT quality of service. */
export type QoS = 0 | 1 | 2;
