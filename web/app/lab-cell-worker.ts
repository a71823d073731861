/** Entry point of the workers in which hostile guests run; such a worker may be ended at any moment. */
import weatherUrl from '../../node_modules/vega-datasets/data/seattle-weather.csv?url';
import { serveCell } from '../lab/isolation/cell.ts';
import { Broker } from '../mqtt/broker.ts';
import { parseDailyWeather } from '../sim/models/daily-weather.ts';
import { loadBuiltInGuests } from './built-in-guests.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { guestLimits } from './guest-limits.ts';

serveCell(async () => {
  const [{ c, rust }, weather] = await Promise.all([loadBuiltInGuests(), fetchBytes(weatherUrl)]);
  return { c, rust, weather: parseDailyWeather(new TextDecoder().decode(weather)), limits: guestLimits, newBroker: () => new Broker() };
});
