import { describe, expect, it } from 'vitest';
import { parseFlags } from '../../../src/node/flags.ts';
import { Refusal } from '../../../src/node/refusal.ts';

const parse = (...args: string[]) => parseFlags(args, '/data');

function refusal(...args: string[]): Refusal {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('was accepted');
}

describe('flags of npm start', () => {
  it('without any: this machine only, the usual ports, 24 devices', () => {
    expect(parse()).toEqual({
      ...{ host: '127.0.0.1', port: 8080, mqttPort: 1883, devices: 24, data: '/data' },
      ...{ json: false, help: false },
    });
  });
  it('all of them', () => {
    const args =
      '--host 0.0.0.0 --port 0 --mqtt-port=1884 --devices 0 --rate 2.5 --seed 7 --data /d --json --tls';
    expect(parse(...args.split(' '))).toMatchObject({
      ...{ host: '0.0.0.0', port: 0, mqttPort: 1884, devices: 0, rate: 2.5, seed: 7 },
      ...{ data: '/d', json: true, tls: true },
    });
  });
  it('--tls takes the two files behind it and leaves the next flag alone', () => {
    expect(parse('--tls', '/c.pem', '/k.pem', '--json')).toMatchObject({
      tls: { cert: '/c.pem', key: '/k.pem' },
      json: true,
    });
    expect(parse('--tls', '--json')).toMatchObject({ tls: true, json: true });
  });
  it.each([
    [['--prot', '1'], 'There is no flag "--prot".'],
    [['stray'], 'There is no flag "stray".'],
    [['--port'], '--port needs a value.'],
    [['--data', '--json'], '--data needs a value.'],
    [['--host='], '--host needs a value.'],
    [['--port', '70000'], '--port takes a whole number from 0 to 65535, not "70000".'],
    [['--port', '-1'], 'not "-1"'],
    [['--port', '1e3'], 'not "1e3"'],
    [['--devices', '2.5'], '--devices takes a whole number'],
    [['--rate', '0'], '--rate takes a number from 0.001'],
    [['--seed', '9'.repeat(20)], '--seed takes a whole number'],
    [['--tls', 'only.pem'], '--tls takes no file, or two'],
    [['--port', '1883'], '--port and --mqtt-port are both 1883; they must differ.'],
  ])('%j is refused as wrong usage', (args, words) => {
    const refused = refusal(...args);
    expect(refused.message).toContain(words);
    expect(refused.exitCode).toBe(2);
  });
});
