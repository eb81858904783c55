import type { Severity } from '../model/alert/rule.ts';

/** How often it sounds, by how grave it is. */
const BEEPS: Record<Severity, number> = { info: 1, warning: 2, critical: 4 };
const BEEP_S = 0.14;
const PAUSE_S = 0.1;

let context: AudioContext | undefined;

/**
 * Sounds once for all tabs of this browser. Browsers play nothing before somebody has clicked in the page; then nothing
 * happens. Never rejects.
 */
export async function playAlarm(severity: Severity): Promise<void> {
  const play = () => beep(BEEPS[severity]);
  try {
    if (!('locks' in navigator)) await play();
    // Whoever has the lock plays; the other tabs are told of the same alert at the same time.
    else
      await navigator.locks.request('telltale sounds', { ifAvailable: true }, (lock) =>
        lock === null ? undefined : play(),
      );
  } catch {
    // A machine without sound.
  }
}

async function beep(times: number): Promise<void> {
  context ??= new AudioContext();
  if (context.state === 'suspended') await Promise.race([context.resume(), after(200)]);
  if (context.state !== 'running') return;
  const volume = context.createGain();
  volume.connect(context.destination);
  for (let i = 0; i < times; i++) {
    const start = context.currentTime + i * (BEEP_S + PAUSE_S);
    const tone = context.createOscillator();
    tone.frequency.value = 880;
    volume.gain.setValueAtTime(0.15, start);
    volume.gain.setTargetAtTime(0, start + BEEP_S - 0.03, 0.01);
    tone.connect(volume);
    tone.start(start);
    tone.stop(start + BEEP_S);
  }
  await after(1000 * times * (BEEP_S + PAUSE_S));
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
