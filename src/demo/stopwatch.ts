/** Seconds since it was last asked, by `uptime` (ms); 0 the first time and when no time has passed. */
export function stopwatch(): (uptime: number) => number {
  let last: number | undefined;
  return (uptime) => {
    const dt = Math.max(0, uptime - (last ?? uptime)) / 1000;
    last = Math.max(uptime, last ?? uptime);
    return dt;
  };
}
