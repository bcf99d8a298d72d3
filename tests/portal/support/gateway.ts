import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { gatewayUrl } from './database.ts';
import { gatewayBinary } from './environment.ts';
import { freePort } from './port.ts';

const SECRET = 'a secret of the tests that is long enough to sign with';

export type Role = 'admin' | 'support' | 'reader' | 'service';
/** Whom a token is for. */
export type Bearer = { role?: Role; subject?: string; apps?: string[]; ttl?: string };

/** A gateway that executes trusted documents only, as in production. */
export class Gateway {
  readonly port: number;
  readonly #settings: Record<string, string>;
  #process: ChildProcess | null = null;
  #log = '';

  private constructor(port: number, settings: Record<string, string>) {
    this.port = port;
    this.#settings = settings;
  }

  /** Starts one and waits until it is ready. */
  static async start(settings: Record<string, string> = {}, port?: number): Promise<Gateway> {
    const gateway = new Gateway(port ?? (await freePort()), settings);
    await gateway.resume();
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A token for a tenant, as an identity provider would issue it. */
  token(tenant: string, { role = 'admin', subject = 'robin@example.com', apps, ttl }: Bearer = {}): string {
    const more = [...(apps ? ['--apps', apps.join(',')] : []), ...(ttl ? ['--ttl', ttl] : [])];
    const args = ['token', '--tenant', tenant, '--role', role, '--subject', subject, ...more];
    const options = { env: { ...process.env, JWT_SECRET: SECRET }, encoding: 'utf8' } as const;
    return execFileSync(gatewayBinary(), args, options).trim();
  }

  /** Starts its process again, on the same port. */
  async resume(): Promise<void> {
    const child = spawn(gatewayBinary(), ['serve'], {
      env: {
        ...process.env,
        DATABASE_URL: gatewayUrl(),
        LISTEN: `127.0.0.1:${this.port}`,
        DOCUMENTS: 'trusted',
        ...('JWKS_URL' in this.#settings ? {} : { JWT_SECRET: SECRET }),
        ...this.#settings,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    this.#process = child;
    while (!(await this.#ready())) {
      if (child.exitCode !== null) throw new Error(`the gateway does not start:\n${this.#log}`);
      await pause(50);
    }
  }

  /** Ends its process at once, as a crash does. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async #ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false;
    }
  }
}
