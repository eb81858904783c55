import { deviceKeyFromId } from '../../src/model/device.ts';
import type { AppPage } from '../bench/app-page.ts';

/** The numbers that the download of a numbered device has, in its order. */
export async function downloaded(page: AppPage, device: string): Promise<number[]> {
  const numbers: number[] = [];
  let cursor: number | undefined;
  do {
    const { value } = await page.call('exportHistory', [deviceKeyFromId(device), cursor]);
    for (const line of value.text.split('\n').filter(Boolean)) {
      const { channel, v } = JSON.parse(line) as { channel: string; v: number };
      if (channel === 'n') numbers.push(v);
    }
    cursor = value.next;
  } while (cursor !== undefined);
  return numbers;
}
