/** Metres in one degree of latitude (mean Earth radius 6,371,009 m). */
const METRES_PER_DEGREE = 111_195;

/** Where a vehicle is: degrees, and heading in degrees clockwise from north, 0 up to 360. */
export interface Position {
  readonly lat: number;
  readonly lon: number;
  readonly heading: number;
}

/**
 * A closed round over `points` (latitude, longitude): its length in metres, and the position after so many metres (0 up to the
 * length). The Earth is flat within a town: equirectangular projection at the latitude of each leg.
 */
export function driveRoute(points: readonly (readonly [lat: number, lon: number])[]): {
  readonly length: number;
  at(metres: number): Position;
} {
  let length = 0;
  const legs = points.map(([lat, lon], i) => {
    const [toLat, toLon] = points[(i + 1) % points.length]!;
    const north = (toLat - lat) * METRES_PER_DEGREE;
    const east = (toLon - lon) * METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
    const leg = { from: length, metres: Math.hypot(north, east), lat, lon, toLat, toLon, north, east };
    length += leg.metres;
    return leg;
  });
  return {
    length,
    at(metres) {
      const leg = legs.findLast(({ from }) => from <= metres) ?? legs[0]!;
      const share = (metres - leg.from) / leg.metres;
      return {
        lat: leg.lat + (leg.toLat - leg.lat) * share,
        lon: leg.lon + (leg.toLon - leg.lon) * share,
        heading: ((Math.atan2(leg.east, leg.north) * 180) / Math.PI + 360) % 360,
      };
    },
  };
}
