/** Named days of the weather record. */
export type WeatherChoice = string;
