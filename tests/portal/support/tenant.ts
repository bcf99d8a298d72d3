import type { Database } from './database.ts';

export type Method =
  | 'password'
  | 'totp'
  | 'pin'
  | 'passkey'
  | 'mobile_biometric'
  | 'sms_otp'
  | 'email_otp'
  | 'email_magic_link'
  | 'social'
  | 'oidc'
  | 'saml';

type App = 'Shop' | 'Wallet' | 'Desk';
type Tier = { failures: number; duration?: string };
type Registration = { app?: App; device?: string; name?: string; provider?: string; identifier?: string };
type Contacts = { email?: string; phone?: string };

/** What there is outside of the portal: apps that people log in to, and the database. */
export class Tenant {
  readonly id: string;
  readonly #database: Database;
  readonly #apps: Map<string, string>;

  private constructor(database: Database, id: string, apps: Map<string, string>) {
    this.#database = database;
    this.id = id;
    this.#apps = apps;
  }

  /** A tenant of one's own, with three apps that offer every method. */
  static async create(database: Database, name: string): Promise<Tenant> {
    const id = await database.value<string>('select authn.create_tenant($1)', [name]);
    for (const app of ['Shop', 'Wallet', 'Desk']) {
      await database.value('select authn.create_app($1, $2)', [id, app]);
    }
    return await Tenant.find(database, id);
  }

  /** The demo tenant; tests only look at it. */
  static async demo(database: Database): Promise<Tenant> {
    const id = await database.value<string>("select tenant_id from authn.tenants where name = 'Demo'");
    return await Tenant.find(database, id);
  }

  private static async find(database: Database, id: string): Promise<Tenant> {
    const apps = await database.rows<{ name: string; app_id: string }>(
      'select name, app_id from authn.apps where tenant_id = $1',
      [id],
    );
    return new Tenant(database, id, new Map(apps.map(({ name, app_id }) => [name, app_id])));
  }

  app(name: App): string {
    const id = this.#apps.get(name);
    if (!id) throw new Error(`no app ${name}`);
    return id;
  }

  /** A new person. */
  async user(name: string | null, { email, phone }: Contacts = {}): Promise<User> {
    const id = await this.#database.value<string>('select authn.create_user($1, $2, $3, $4)', [
      this.id,
      email ?? null,
      phone ?? null,
      name,
    ]);
    return new User(this.#database, this, id);
  }

  /** Somebody who is there already. */
  async find(name: string): Promise<User> {
    const statement = 'select user_id from authn.users where tenant_id = $1 and display_name = $2';
    return new User(this.#database, this, await this.#database.value<string>(statement, [this.id, name]));
  }

  async policy(method: Method, tiers: Tier[], app?: App): Promise<void> {
    await this.#database.value('select authn.set_lockout_policy($1, $2, $3, app_id => $4)', [
      this.id,
      method,
      JSON.stringify(tiers),
      app ? this.app(app) : null,
    ]);
  }

  async settings(settings: Record<string, unknown>): Promise<void> {
    await this.#database.value('select authn.set_tenant_settings($1, $2)', [
      this.id,
      JSON.stringify(settings),
    ]);
  }

  async disable(app: App, method: Method): Promise<void> {
    await this.#database.value('select authn.disable_method($1, $2)', [this.app(app), method]);
  }
}

/** A person, and what they do. */
export class User {
  readonly id: string;
  readonly #database: Database;
  readonly #tenant: Tenant;

  constructor(database: Database, tenant: Tenant, id: string) {
    this.#database = database;
    this.#tenant = tenant;
    this.id = id;
  }

  async device(name: string, platform = 'android'): Promise<string> {
    return await this.#database.value('select authn.create_device($1, $2, $3)', [this.id, name, platform]);
  }

  async register(method: Method, where: Registration = {}): Promise<string> {
    const { app, device, name, provider, identifier } = where;
    return await this.#database.value(
      `select authn.register_authenticator($1, $2, app_id => $3, device_id => $4, identifier => $5,
                                           provider => $6, name => $7)`,
      [
        this.id,
        method,
        app ? this.#tenant.app(app) : null,
        device ?? null,
        identifier ?? null,
        provider ?? null,
        name ?? null,
      ],
    );
  }

  /** Many devices, with an authenticator of the method on each. */
  async devices(many: number, method: Method, app: App): Promise<void> {
    await this.#database.rows(
      `select authn.register_authenticator($1, $3, $4, authn.create_device($1, 'Device ' || number, 'android'))
       from generate_series(1, $2) number`,
      [this.id, many, method, this.#tenant.app(app)],
    );
  }

  /** The one authenticator of a method, such as those that an address brings. */
  async authenticator(method: Method): Promise<string> {
    const statement = 'select authenticator_id from authn.authenticators where user_id = $1 and method = $2';
    return await this.#database.value(statement, [this.id, method]);
  }

  async succeeds(authenticator: string, app: App, device?: string): Promise<void> {
    await this.#attempt(authenticator, app, true, device);
  }

  async fails(authenticator: string, app: App, times = 1): Promise<void> {
    for (let time = 0; time < times; time += 1) await this.#attempt(authenticator, app, false);
  }

  async #attempt(authenticator: string, app: App, succeeded: boolean, device?: string): Promise<void> {
    await this.#database.value('select outcome from authn.record_attempt($1, $2, $3, $4, $5, $6)', [
      this.id,
      authenticator,
      this.#tenant.app(app),
      succeeded,
      device ?? null,
      '203.0.113.50',
    ]);
  }

  /** As somebody else does it, in another window. */
  async deactivate(authenticator: string, app: App | null, reason: string, until?: string): Promise<void> {
    await this.#database.rows('select authn.deactivate_authenticator($1, $2, $3, now() + $4::interval, $5)', [
      this.id,
      authenticator,
      app ? this.#tenant.app(app) : null,
      until ?? null,
      reason,
    ]);
  }

  async unlock(authenticator: string, app: App, reason: string): Promise<void> {
    await this.#database.rows('select authn.unlock_authenticator($1, $2, $3, $4)', [
      this.id,
      authenticator,
      this.#tenant.app(app),
      reason,
    ]);
  }

  async suspend(reason: string, until?: string): Promise<void> {
    await this.#database.rows('select authn.suspend_user($1, now() + $2::interval, $3)', [
      this.id,
      until ?? null,
      reason,
    ]);
  }

  async deactivateDevice(device: string, reason: string): Promise<void> {
    await this.#database.rows('select authn.deactivate_device($1, $2, null, $3)', [this.id, device, reason]);
  }

  /** What the database says, to compare with what the page does. */
  async statuses(method: Method): Promise<Record<string, string>> {
    const rows = await this.#database.rows<{ app: string; status: string }>(
      `select concat_ws(' ', app_name, device_name) as app, status::text
       from authn.contexts where user_id = $1 and method = $2`,
      [this.id, method],
    );
    return Object.fromEntries(rows.map(({ app, status }) => [app, status]));
  }

  async status(): Promise<string> {
    return await this.#database.value('select status::text from authn.users where user_id = $1', [this.id]);
  }

  /** The newest event of a kind. */
  async event(kind: string): Promise<{ actor: string; reason: string | null }> {
    const [event] = await this.#database.rows<{ actor: string; reason: string | null }>(
      'select actor, reason from authn.events where user_id = $1 and kind = $2 order by at desc limit 1',
      [this.id, kind],
    );
    if (!event) throw new Error(`no event ${kind}`);
    return event;
  }
}
