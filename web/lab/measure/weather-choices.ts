/** Named days of the weather record, each chosen by what the record shows. */

/** A key of `weatherChoices`. */
export type WeatherChoice = string;

export interface WeatherDays {
  label: string;
  /** First day of the run, `YYYY-MM-DD`, at midnight. */
  start: string;
  /** Why this day, by the numbers of the record. */
  why: string;
}

export const weatherChoices: Readonly<Record<WeatherChoice, WeatherDays>> = {
  mixed: {
    label: 'Summer with showers',
    start: '2013-08-10',
    why: 'The first day that the page shows: 2.3 mm of rain, then three dry days of 25 to 28 °C, then rain again.',
  },
  drySummer: {
    label: 'Dry summer',
    start: '2012-07-23',
    why: 'The first of 48 days without rain, the longest such stretch of the record.',
  },
  hotSpell: {
    label: 'Hot spell',
    start: '2015-06-30',
    why: 'The seven days with the highest mean of daily maxima in the record, 32.2 °C, all without rain.',
  },
  wetAutumn: {
    label: 'Wet autumn',
    start: '2015-11-11',
    why: 'The first of the wettest seven days of all autumns in the record: 146 mm of rain.',
  },
};
