import { Module } from '@nestjs/common';
import { AlipayPlusModule } from '../../alipay-plus/alipay-plus.module.js';
import { AuthModule } from '../../platform/auth/auth.module.js';
import { OperationsModule } from '../operations.module.js';
import { ErrorFigures } from './figures/error-figures.js';
import { LiveFigures } from './figures/live-figures.js';
import { Radar } from './figures/radar.js';
import { ActPages } from './pages/act.pages.js';
import { ApprovalsPages } from './pages/approvals.pages.js';
import { BulkPages } from './pages/bulk.pages.js';
import { HelpPages } from './pages/help.pages.js';
import { InDoubtPages } from './pages/in-doubt.pages.js';
import { LivePages } from './pages/live.pages.js';
import { NotePages } from './pages/note.pages.js';
import { OverviewPages } from './pages/overview.pages.js';
import { PaymentPages } from './pages/payment.pages.js';
import { PaymentsPages } from './pages/payments.pages.js';
import { PreferencesPages } from './pages/preferences.pages.js';
import { ProviderSignInPages } from './pages/provider-sign-in.pages.js';
import { ServicePages } from './pages/service.pages.js';
import { SignInPage } from './pages/sign-in.page.js';
import { SignInPages } from './pages/sign-in.pages.js';
import { IdentityProvider } from './provider/identity-provider.js';
import { EndedSessions } from './session/ended-sessions.js';
import { OperatorSession } from './session/operator-session.js';
import { ProviderSessions } from './session/provider-sessions.js';
import { SignInAttempts } from './session/sign-in-attempts.js';

/** In the order in which their routes are registered. */
export const CONSOLE_PAGES = [
  SignInPages,
  ProviderSignInPages,
  PreferencesPages,
  HelpPages,
  OverviewPages,
  PaymentsPages,
  PaymentPages,
  ActPages,
  NotePages,
  BulkPages,
  ApprovalsPages,
  InDoubtPages,
  LivePages,
  ServicePages,
] as const;

/** The console calls only the services behind the operators' API. */
@Module({
  imports: [AlipayPlusModule, AuthModule, OperationsModule],
  providers: [
    EndedSessions,
    ProviderSessions,
    OperatorSession,
    IdentityProvider,
    SignInAttempts,
    SignInPage,
    ErrorFigures,
    LiveFigures,
    Radar,
    ...CONSOLE_PAGES,
  ],
})
export class ConsoleModule {}
