import type mqtt from 'mqtt';

/** The part of mqtt.js that the link uses. */
export type Mqtt = Pick<typeof mqtt, 'connect'>;

/** Loads mqtt.js, once. Rejects when it cannot be fetched; the next call tries again. */
export type LoadMqtt = () => Promise<Mqtt>;

/**
 * Loads mqtt.js from `url()`: it is more than half of the engine's code, and what is remembered is shown without it.
 * Under `vite dev` the server knows where it is.
 */
export function mqttFrom(url: () => string): LoadMqtt {
  let attempt = 0;
  let loading: Promise<Mqtt> | undefined;
  return () => {
    loading ??= importMqtt(url, attempt++).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

async function importMqtt(url: () => string, attempt: number): Promise<Mqtt> {
  // Firefox remembers a module that it could not fetch; one with another fragment is another one to it.
  const module: Promise<{ default: Mqtt }> = import.meta.env.DEV
    ? import('mqtt')
    : import(/* @vite-ignore */ attempt === 0 ? url() : `${url()}#${attempt}`);
  return (await module).default;
}
