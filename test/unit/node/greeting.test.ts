import { describe, expect, it } from 'vitest';
import { createGreeting, greetingText } from '../../../src/node/greeting.ts';
import type { Listening } from '../../../src/node/greeting.ts';

const sign = (username: string) => ({ username, password: `${username}-password` });
const credentials = {
  users: new Map(['viewer', 'operator', 'admin'].map((name) => [name, sign(name)])),
  devices: new Map(['my-board', 'pump-1'].map((name) => [name, sign(name)])),
};
const here: Listening = { host: '127.0.0.1', port: 8080, mqttPort: 1883, secure: false };

function textOf(at: Partial<Listening>, ownAuthority = false): string {
  const listening = { ...here, ...at };
  return greetingText(createGreeting(listening, credentials), listening, 'devices', ownAuthority);
}

describe('the greeting', () => {
  it('names the page, each sign-in and the lines for the spare device', () => {
    const text = textOf({});
    for (const words of [
      'http://127.0.0.1:8080/',
      'viewer    viewer-password',
      'mqtt://127.0.0.1:1883 and ws://127.0.0.1:8080/mqtt',
      'Simulated devices: 1',
      `-i my-board -u my-board -P my-board-password -t devices/my-board/status -q 1 -r -m '{"online":true}'`,
      `--will-topic devices/my-board/status --will-payload '{"online":false}' --will-qos 1 --will-retain`,
    ]) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('Reachable from the network');
  });
  it('on the network it says who could read what', () => {
    const text = textOf({ host: '0.0.0.0' });
    expect(text).toContain('Reachable from the network (--host 0.0.0.0)');
    expect(text).toContain('Nothing is encrypted');
    expect(text).toContain('http://127.0.0.1:8080/');
  });
  it('with TLS it says what is still not encrypted, and how to trust the authority', () => {
    const text = textOf({ host: '192.168.1.5', secure: true }, true);
    expect(text).toContain('wss://192.168.1.5:8080/mqtt');
    expect(text).toContain('MQTT over TCP is not');
    expect(text).toContain('https://192.168.1.5:8080/telltale-ca.crt');
  });
  it('an IPv6 address stands in brackets in addresses and bare in command lines', () => {
    const text = textOf({ host: '::1' });
    expect(text).toContain('http://[::1]:8080/');
    expect(text).toContain('-h ::1 ');
  });
});
