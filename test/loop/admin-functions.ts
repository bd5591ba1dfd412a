/* What one deployment of a platform brings, in one bundle: its functions, and steps that a flow calls. */
export { decide, readDesk } from '../../lambdas/handlers/desk.ts';
export { recordBounce, servePages } from '../../lambdas/handlers/pages.ts';
export { sweep } from '../../lambdas/handlers/sweeper.ts';
export { offerPackage } from '../../lambdas/steps/collecting.ts';
export { askForConfirmation, confirmByCode } from '../../lambdas/steps/confirming.ts';
export { tellHowItEnded } from '../../lambdas/steps/notifying.ts';
export { receiveOne } from '../../lambdas/steps/receiving-mail.ts';
