/** How much of the past a home keeps in this browser. */
export interface HistorySettings {
  /** Days for which every sample is kept. */
  readonly sampleDays: number;
  /** Days for which minutes and hours, events and gaps are kept. */
  readonly summaryDays: number;
  /** Days for which commands and their outcomes are kept. */
  readonly commandDays: number;
  /** Bytes in all; when there is more, the oldest samples go first. */
  readonly maxBytes: number;
}

export const DEFAULT_SETTINGS: HistorySettings = {
  sampleDays: 90,
  summaryDays: 5 * 365,
  commandDays: 365,
  maxBytes: 512 * 2 ** 20,
};

const MAX_DAYS = 100 * 365;
const MIN_BYTES = 16 * 2 ** 20;
const MAX_BYTES = 2 ** 40;

/** Why these settings cannot be taken, in one sentence; `undefined` when they can. */
export function settingsFault(settings: HistorySettings): string | undefined {
  const { sampleDays, summaryDays, commandDays, maxBytes } = settings;
  if (!(sampleDays >= 1 && sampleDays <= MAX_DAYS)) {
    return 'Readings are kept for 1 to 36,500 days. Give a number in that range.';
  }
  if (!(summaryDays >= sampleDays && summaryDays <= MAX_DAYS)) {
    return 'Minutes and hours are kept at least as long as readings and at most 36,500 days. Give a number in that range.';
  }
  if (!(commandDays >= 1 && commandDays <= MAX_DAYS)) {
    return 'Commands are kept for 1 to 36,500 days. Give a number in that range.';
  }
  if (!(maxBytes >= MIN_BYTES && maxBytes <= MAX_BYTES)) {
    return 'The history takes between 16 MB and 1 TB. Give a size in that range.';
  }
  return undefined;
}
