import type { BrokerProfile, Credential } from '../model/broker.ts';

/** Who signed in where, the last time. */
export interface RememberedHome {
  readonly broker: string;
  readonly username: string;
  /** The address, where it was typed and is in no config. */
  readonly url?: string;
}

/** Storage that may be closed to this page (private mode, policy): then nothing is remembered. */
function stored(area: () => Storage, key: string): unknown {
  try {
    return JSON.parse(area().getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function store(area: () => Storage, key: string, value: unknown): void {
  try {
    if (value === null) area().removeItem(key);
    else area().setItem(key, JSON.stringify(value));
  } catch {
    // A page without storage works; it asks again next time.
  }
}

function textField(value: unknown, field: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const text: unknown = Object.getOwnPropertyDescriptor(value, field)?.value;
  return typeof text === 'string' ? text : undefined;
}

function rememberedHome(entry: unknown): RememberedHome | undefined {
  const [broker, username] = [textField(entry, 'broker'), textField(entry, 'username')];
  if (broker === undefined || username === undefined) return undefined;
  return { broker, username, url: textField(entry, 'url') };
}

/** What this browser remembers between visits. Never a password, except in a tab's own storage when asked to. */
export class HomeMemory {
  #homes: string;
  #tabHome: string;
  #credential: string;

  /** `base` keeps two consoles on one origin apart. */
  constructor(base: string) {
    this.#homes = `telltale:${base}:homes`;
    this.#tabHome = `telltale:${base}:home`;
    this.#credential = `telltale:${base}:signed-in`;
  }

  /** The homes that were signed in to, the last one first. */
  homes(): readonly RememberedHome[] {
    const list = stored(() => localStorage, this.#homes);
    if (!Array.isArray(list)) return [];
    return list.flatMap((entry) => rememberedHome(entry) ?? []);
  }

  /** The home of this tab: a reload opens it, whatever other tabs signed in to meanwhile. */
  tabHome(): RememberedHome | undefined {
    return rememberedHome(stored(() => sessionStorage, this.#tabHome));
  }

  keepTabHome(home: RememberedHome): void {
    store(() => sessionStorage, this.#tabHome, home);
  }

  dropTabHome(): void {
    store(() => sessionStorage, this.#tabHome, null);
  }

  /** The home of this tab, else the last one of this browser; where `broker` is given, only if it is there. */
  latest(broker: string | undefined): RememberedHome | undefined {
    const all = [this.tabHome() ?? [], ...this.homes()].flat();
    return all.find((home) => broker === undefined || home.broker === broker);
  }

  remember(profile: BrokerProfile, username: string, offered: boolean): void {
    const home: RememberedHome = {
      broker: profile.name,
      username,
      url: offered ? undefined : profile.urls[0],
    };
    const others = this.homes().filter(({ broker }) => broker !== profile.name);
    store(() => localStorage, this.#homes, [home, ...others].slice(0, 20));
    this.keepTabHome(home);
  }

  /** The credential of this tab, where the person chose to stay signed in. */
  credential(broker: string): Credential | undefined {
    const kept = stored(() => sessionStorage, this.#credential);
    const [username, password] = [textField(kept, 'username'), textField(kept, 'password')];
    if (textField(kept, 'broker') !== broker || username === undefined || password === undefined)
      return undefined;
    return { username, password };
  }

  keepCredential(broker: string, credential: Credential): void {
    store(() => sessionStorage, this.#credential, { broker, ...credential });
  }

  dropCredential(): void {
    store(() => sessionStorage, this.#credential, null);
  }
}
