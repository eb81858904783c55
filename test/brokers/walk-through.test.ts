import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Credentials } from '../../broker-config/credentials.ts';
import { BrokerProcess } from '../support/brokers/broker-process.ts';
import { freePorts } from '../support/free-port.ts';
import { neededProgram } from '../support/install-programs.ts';

// The commands of the generated READMEs, letter for letter, on a machine whose folders and ports are others.

const run = promisify(execFile);

let folder: string;
let places: readonly (readonly [usual: string, here: string])[];
let ports: { readonly mqtt: number; readonly ws: number; readonly https: number };
let started: BrokerProcess[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-walk-'));
  // Brokers and web servers drop to users of their own.
  chmodSync(folder, 0o755);
  for (const name of ['etc', 'lib', 'conf.d', 'ssl', 'www', 'dist']) mkdirSync(join(folder, name));
  chmodSync(join(folder, 'lib'), 0o777);
  writeFileSync(join(folder, 'dist/index.html'), '<!doctype html><title>Page</title>');
  writeFileSync(join(folder, 'etc/mosquitto.conf'), '# of Debian\n');
  const [mqtt = 0, ws = 0, https = 0] = await freePorts(3);
  ports = { mqtt, ws, https };
  places = [
    ['/etc/mosquitto', join(folder, 'etc')],
    ['/var/lib/mosquitto', join(folder, 'lib')],
    ['/etc/nginx/conf.d', join(folder, 'conf.d')],
    ['/etc/ssl/private', join(folder, 'ssl')],
    ['/var/www', join(folder, 'www')],
    ['cp -rT dist', `cp -rT ${join(folder, 'dist')}`],
    ['--target mosquitto ', `--target mosquitto --port ${mqtt} --ws-port ${ws} `],
    ['0.0.0.0:443', `127.0.0.1:${https}`],
    ['1883', String(mqtt)],
    ['9001', String(ws)],
    ['$(hostname -f)', 'localhost'],
  ];
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((process) => process.stop('SIGTERM')));
  rmSync(folder, { recursive: true, force: true });
});

const here = (text: string) => places.reduce((moved, [usual, own]) => moved.replaceAll(usual, own), text);

/** The blocks of commands in one section of a generated README, each with the sentence above it. */
function blocks(
  target: string,
  section: string,
): readonly { readonly above: string; readonly commands: string }[] {
  const text = readFileSync(`broker-config/generated/${target}/README.md`, 'utf8');
  const [, rest = ''] = text.split(`## ${section}\n`);
  const paragraphs = rest.split('\n## ')[0]!.split('\n\n');
  return paragraphs.flatMap((paragraph, i) =>
    paragraph.startsWith('    ')
      ? [{ above: paragraphs[i - 1]?.trim() ?? '', commands: paragraph.replaceAll(/^ {4}/gm, '') }]
      : [],
  );
}

function block(target: string, section: string, above: RegExp): string {
  const found = blocks(target, section).filter((one) => above.test(one.above));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${target} stand below ${above}.`);
  return found[0]!.commands;
}

/** What a service manager and a package manager do is done by the test; everything else is done as it stands. */
async function follow(commands: string): Promise<void> {
  const typed = here(commands)
    .split('\n')
    .filter((line) => !/^(apt-get|npm ci|systemctl|nginx)\b/.test(line));
  await run('bash', ['-euo', 'pipefail', '-c', typed.join('\n')]);
}

async function start(program: string, args: readonly string[], listens: readonly number[]): Promise<void> {
  const process = new BrokerProcess(neededProgram(program), args);
  started.push(process);
  await process.listens(listens);
}

const startMosquitto = () =>
  start('mosquitto', ['-c', join(folder, 'etc/mosquitto.conf')], [ports.mqtt, ports.ws]);

async function startNginx(): Promise<void> {
  const site = join(folder, 'conf.d/telltale.conf');
  writeFileSync(site, here(readFileSync(site, 'utf8')));
  const own = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    own,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
http { access_log off; include /etc/nginx/mime.types; include ${site};
${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')} }\n`,
  );
  await start('nginx', ['-c', own, '-e', join(folder, 'error.log')], [ports.https]);
}

function page(path: string): Promise<string> {
  const ca = readFileSync(join(folder, 'ssl/telltale.crt'));
  return new Promise((resolve, reject) => {
    get({ host: 'localhost', family: 4, port: ports.https, path, ca, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text));
    }).on('error', reject);
  });
}

/** The retained status of a device and the policy document, as the page reads them through the web server. */
async function seenAs(username: string, password: string, id: string): Promise<readonly string[]> {
  const client = await connectAsync(`wss://localhost:${ports.https}/mqtt`, {
    ...{ username, password, ca: readFileSync(join(folder, 'ssl/telltale.crt'), 'utf8') },
    reconnectPeriod: 0,
  });
  try {
    const wanted = [`telltale/policy/${username}`, `devices/${id}/status`];
    const seen = new Set<string>();
    const all = new Promise<void>((resolve) =>
      client.on('message', (topic) => {
        if (seen.add(topic).size === wanted.length) resolve();
      }),
    );
    await client.subscribeAsync(wanted);
    await all;
    return [...seen].sort();
  } finally {
    await client.endAsync(true);
  }
}

const ID = 'my-board';
const SECTION = 'Install on Debian';
const SEEN = [`devices/${ID}/status`, 'telltale/policy/viewer'];

async function frontAndPublish(passwordOf: (username: string) => string): Promise<void> {
  const publish = block('mosquitto', SECTION, /^Then tell the page/);
  await follow(publish.replace('…', passwordOf('admin')));
  const device = block('mosquitto', SECTION, /see a device appear/);
  await follow(device.replaceAll('ID', ID).replace('…', passwordOf(ID)));
  const copying = block('nginx', 'Install', /Each command is for root/);
  await follow(copying.replace('npm ci && npm run build', '').replace(/ +#.*/, ''));
  await follow(block('nginx', 'Install', /^A certificate and its key/));
  await follow(block('nginx', 'Install', /^Then .*config\.json/));
  await startNginx();
}

test('with Node: what the READMEs of Mosquitto and nginx say, typed in, is a page and a broker under one name', async () => {
  await follow(block('mosquitto', SECTION, /^With Node/));
  await startMosquitto();
  const credentials = JSON.parse(readFileSync(join(folder, 'etc/credentials.json'), 'utf8')) as Credentials;
  const passwordOf = (name: string) => (credentials.users[name] ?? credentials.devices[name])!.password;
  await frontAndPublish(passwordOf);
  expect(await page('/')).toContain('<title>Page</title>');
  expect(JSON.parse(await page('/config.json'))).toEqual({
    brokers: [{ name: 'Plant', kind: 'mosquitto', urls: ['mqtt'], root: 'devices' }],
  });
  expect(await seenAs('viewer', passwordOf('viewer'), ID)).toEqual(SEEN);
}, 60_000);

test('without Node: passwords that are typed in, and the committed files', async () => {
  const commands = block('mosquitto', SECTION, /^Without Node/);
  expect(commands).toContain('mosquitto_passwd /etc/mosquitto/passwd $name');
  // There is no terminal at which it could ask.
  const answered = commands.replace('mosquitto_passwd /', 'mosquitto_passwd -b /');
  await follow(answered.replace('$name;', "$name 'a secret';"));
  for (const name of ['mosquitto.conf', 'acl']) {
    const file = join(folder, 'etc', name);
    writeFileSync(file, here(readFileSync(file, 'utf8')));
  }
  await startMosquitto();
  await frontAndPublish(() => 'a\\ secret');
  expect(await seenAs('viewer', 'a secret', ID)).toEqual(SEEN);
}, 60_000);
