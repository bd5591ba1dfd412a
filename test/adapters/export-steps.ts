/** What the flow of an export calls for its rows, bundled with the platform of a test. */
export { joinGathering } from '../../lambdas/steps/gathering.ts';
export { deletePackages, packageExport } from '../../lambdas/steps/packaging.ts';
