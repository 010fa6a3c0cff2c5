export { changesAsReport } from './as-report.ts';
export { changeInfos } from './catalog.ts';
export { compareExposures } from './compare.ts';
export { exposureOf } from './snapshot.ts';
