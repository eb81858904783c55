import { expect, type Locator, type Page } from '@playwright/test';

/** What a person sees and does, by the attributes and names that stay put (README, "What stays put"). */
export class ConsolePage {
  /** Errors that the page wrote to its console or did not catch. */
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  async signIn(user: { username: string; password: string }, broker?: string): Promise<void> {
    if (broker !== undefined) await this.page.getByLabel('Broker', { exact: true }).fill(broker);
    await this.page.getByLabel('Username', { exact: true }).fill(user.username);
    await this.page.getByLabel('Password', { exact: true }).fill(user.password);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  get link(): Locator {
    return this.page.getByRole('status', { name: 'Link' });
  }

  async live(timeout = 15_000): Promise<void> {
    await expect(this.link).toHaveAttribute('data-link', 'live', { timeout });
  }

  /** Signs in and waits for the link. */
  async enter(user: { username: string; password: string }, broker?: string): Promise<void> {
    await this.signIn(user, broker);
    await this.live();
  }

  device(id: string): Locator {
    return this.page.locator(`[data-device="${id}"]`).first();
  }

  channel(id: string, channel: string): Locator {
    return this.device(id).locator(`[data-channel="${channel}"]`).first();
  }

  /** Changes the address as a bookmark would, without a reload. */
  async go(hash: string): Promise<void> {
    await this.page.evaluate((to) => (location.hash = to), hash);
  }

  async counter(name: string): Promise<number> {
    await this.go('#/connection');
    return Number(await this.page.locator(`[data-counter="${name}"]`).first().innerText());
  }

  /** The samples of the device whose page is shown, from the download. */
  async downloadHistory(): Promise<
    { channel: string; t: number; ts?: number; v: unknown; device: string }[]
  > {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: /download/i }).click(),
    ]);
    const stream = await download.createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}
