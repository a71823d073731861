/** Named sets of link parameters, each with its source. */
import type { ParameterOverrides } from '../../sim/parameters.ts';

/** A key of `linkChoices`. */
export type LinkChoice = string;

export interface LinkSet {
  label: string;
  /** What it stands for, a sentence. */
  meaning: string;
  parameters: ParameterOverrides;
  /** Where each number comes from; of what is not named here the parameter's own source holds. */
  source: string;
}

/** Of the ESP32 pings that the default Wi-Fi is derived from, too. */
const pings = 'thexyzlab.studio, ESP32 Development Log 01: WiFi Latency Testing, 2048 pings';

export const linkChoices: Readonly<Record<LinkChoice, LinkSet>> = {
  site: {
    label: 'Site Wi-Fi',
    meaning: 'A wall between the boards and their access point, and a modest rural line to the cloud: the defaults.',
    parameters: {},
    source: 'The parameters\' own sources',
  },
  near: {
    label: 'Wi-Fi beside the access point',
    meaning: 'Boards in sight of their access point; the line to the cloud is that of the site.',
    parameters: { 'link.wifi.latencyMedianMs': 6.6, 'link.wifi.latencySigma': 0.48 },
    source: `Derived: half of the median round trip of 13.29 ms, and the mean of ln(23.62/13.29)/1.282 and ln(30.56/13.29)/1.645 (${pings}, next to the router). Loss: as at the site`,
  },
  edgeOfCoverage: {
    label: 'Wi-Fi at the edge of coverage',
    meaning: 'Boards that hear their access point at its lowest rate only.',
    parameters: {
      'link.wifi.bandwidthMbps': 1,
      'link.wifi.frameOverheadUs': 866,
      'link.wifi.latencyMedianMs': 16.2,
      'link.wifi.latencySigma': 1,
      'link.wifi.lossProbability': 0.02,
    },
    source:
      'Rate: 1 Mbit/s DSSS, the one that an ESP32 receives farthest (ESP32 Series Datasheet, Receiver Characteristics). Frame overhead derived for it: DIFS 50, mean back-off 15.5 slots of 20, long preamble and header 192, SIFS 10, ACK 192 + 14 bytes at 1 Mbit/s (IEEE 802.11, DSSS PHY). Latency, jitter and loss chosen: twice the site\'s median, a jitter with which one message in twenty takes five times the median, and ten times the site\'s loss',
  },
  lteBackhaul: {
    label: 'Site Wi-Fi, LTE to the cloud',
    meaning: 'The site\'s Wi-Fi, and a mobile network of medium signal in place of the line to the cloud.',
    parameters: { 'link.wan.latencyMedianMs': 42.2, 'link.wan.latencySigma': 0.5, 'link.wan.bandwidthMbps': 3.02, 'link.wan.lossProbability': 0.005 },
    source:
      'ERRANT, an emulator fitted to a measurement campaign on mobile networks (github.com/marty90/errant, profiles.csv, Telia Norway, 4G, medium signal): upload 3,021 kbit/s; round trip 95.5 ms with a standard deviation of 50.7 ms, which is a lognormal of median 84.4 ms and sigma 0.50; half of the median each way. Loss chosen: five times the site\'s, for connections that die between two cells',
  },
  ideal: {
    label: 'Ideal',
    meaning: 'Every message takes the median of its link and none is lost: nothing on the links is left to chance.',
    parameters: {
      'link.wifi.latencySigma': 0,
      'link.wifi.lossProbability': 0,
      'link.lan.latencySigma': 0,
      'link.lan.lossProbability': 0,
      'link.wan.latencySigma': 0,
      'link.wan.lossProbability': 0,
    },
    source: 'Chosen: the medians of the site without their spread',
  },
};
