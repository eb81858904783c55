import type { Sample } from '../model/sample.ts';
import { deviceTimeAt, isLateAt, valueAt, type Block } from './columns.ts';
import { SampleBuffer } from './sample-buffer.ts';

interface Last extends Sample {
  readonly late: boolean;
}

/** The last sample of every series. */
export class Latest {
  #last = new Map<number, Last>();

  /** Takes a block into account. A late sample does not replace a newer one. */
  apply(block: Block): void {
    // By series id, since they are small; one more than the position in the block, so that 0 is none.
    const winners = new Uint32Array(block.series.reduce((a, b) => Math.max(a, b), 0) + 1);
    for (let i = 0; i < block.t.length; i++) {
      const series = block.series[i]!;
      if (isLateAt(block, i)) {
        const winner = winners[series]! - 1;
        const known = winner < 0 ? this.#last.get(series)?.t : block.t[winner];
        if (known !== undefined && block.t[i]! < known) continue;
      }
      winners[series] = i + 1;
    }
    for (let series = 0; series < winners.length; series++) {
      const i = winners[series]! - 1;
      if (i < 0) continue;
      const ts = deviceTimeAt(block, i);
      this.#last.set(series, {
        t: block.t[i]!,
        ...(!Number.isNaN(ts) && { ts }),
        value: valueAt(block, i),
        late: isLateAt(block, i),
      });
    }
  }

  /** What is known now, as columns to be stored. */
  block(): Block | undefined {
    const buffer = new SampleBuffer(Math.max(1, this.#last.size));
    for (const [series, last] of this.#last) {
      buffer.push(series, last.t, last.ts ?? NaN, last.value, last.late);
    }
    return buffer.block();
  }

  /** The last sample by series. */
  samples(): ReadonlyMap<number, Sample> {
    return this.#last;
  }
}
