import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import ts from 'typescript';
import { settingsOf } from '../src/platform/config/from-env.js';
import { SETTINGS } from '../src/settings.js';

const FOLDER = 'deploy/kubernetes';
const OVERLAY = join(FOLDER, 'overlays/production');

/** The format of Kubernetes or Kustomize; the types of the published API are checked below. */
// eslint-disable-next-line typescript/no-explicit-any
type Manifest = any;

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join(FOLDER, name));
const manifestsIn = (text: string): Manifest[] => loadAll(text, { schema: CORE_SCHEMA });
const written = files.flatMap((file) =>
  manifestsIn(readFileSync(file, 'utf8')).map((manifest: Manifest) => ({ file, manifest })),
);
const kustomizations = written.filter(({ manifest }) => manifest.kind === 'Kustomization');
/** A patch is a part of a manifest, so only the fields it has are checked. */
const isPatch = (file: string): boolean =>
  kustomizations.some(({ file: at, manifest }) =>
    (manifest.patches ?? []).some((patch: Manifest) => join(dirname(at), patch.path) === file),
  );
const objects = written.filter(({ manifest }) => manifest.kind !== 'Kustomization');
const found = (kind: string): Manifest[] =>
  objects
    .filter(({ file, manifest }) => manifest.kind === kind && !isPatch(file))
    .map(({ manifest }) => manifest);
const pods = [...found('Deployment'), ...found('Job')].map(({ metadata, spec }) => ({
  name: metadata.name,
  labels: spec.template.metadata.labels,
  spec: spec.template.spec,
  container: spec.template.spec.containers[0],
}));
const signedCallsPort = Number(
  pods
    .find(({ name }) => name === 'mpp-api')
    ?.container.env.find(({ name }: Manifest) => name === 'SIGNED_CALLS_PORT').value,
);
const literals = Object.fromEntries(
  kustomizations.flatMap(({ manifest }) =>
    (manifest.configMapGenerator ?? []).flatMap(({ literals: lines }: Manifest) =>
      lines.map((line: string) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
  ),
);

/** The module of `kubernetes-types` with the published types of an API version. */
function moduleOf(apiVersion: string): string {
  const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `kubernetes-types/${group.replace('.k8s.io', '')}/${version}`;
}

/** The compiler's errors on manifests as literals of the published types: unknown, missing and mistyped fields. */
function faultsOf(checked: readonly { manifest: Manifest; isPart?: boolean }[]): string[] {
  const source = checked
    .map(({ manifest, isPart = false }, at) => {
      const type = `${manifest.kind}${at}`;
      return `import type { ${manifest.kind} as ${type} } from '${moduleOf(manifest.apiVersion)}';
export const manifest${at}: ${isPart ? `Part<${type}>` : type} = ${JSON.stringify(manifest)};`;
    })
    .join('\n');
  const part = `type Part<T> = T extends readonly (infer U)[] ? Part<U>[] : T extends object ? { [K in keyof T]?: Part<T[K]> } : T;`;
  const name = join(process.cwd(), 'test/manifests.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es5.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, `${part}\n${source}`, ts.ScriptTarget.ES2022)
      : read(file, ...rest);
  host.fileExists = (file) => file === name || ts.sys.fileExists(file);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('the manifests of deploy/kubernetes', () => {
  it('are found, and more than a few', () => expect(objects.length).toBeGreaterThan(15));

  it('keep the published schema of their kind', () => {
    expect(faultsOf(objects.map(({ file, manifest }) => ({ manifest, isPart: isPatch(file) })))).toEqual([]);
  });

  it('would fail this check with an unknown field, a wrong type or an unknown kind', () => {
    const [deployment] = found('Deployment');
    const wrong = structuredClone(deployment);
    wrong.spec.template.spec.containers[0].readinesProbe = {};
    wrong.spec.replicas = 'two';
    const faults = faultsOf([
      { manifest: wrong },
      { manifest: { apiVersion: 'apps/v1', kind: 'Deploiment' } },
    ]);
    expect(faults.join('\n')).toMatch(/readinesProbe/);
    expect(faults.join('\n')).toMatch(/Type 'string' is not assignable to type 'number'/);
    expect(faults.join('\n')).toMatch(/Deploiment/);
  });

  it('are all part of the base or of an overlay', () => {
    const named = kustomizations.flatMap(({ file, manifest }) =>
      [...manifest.resources, ...(manifest.patches ?? []).map(({ path }: Manifest) => path)].map(
        (path: string) => relative('.', join(dirname(file), path)),
      ),
    );
    const listed = objects.map(({ file }) => file);
    expect(new Set(listed)).toEqual(new Set(named.filter((path) => path.endsWith('.yaml'))));
  });

  it.each(pods)(
    '$name runs as nobody, writes nowhere and has no token of the cluster',
    ({ spec, container }) => {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits.memory).toBe('512Mi');
    },
  );

  it.each(pods)('$name has every secret by reference', ({ container }) => {
    const secret = container.env.filter(({ name }: Manifest) => /URL|SECRET|PASSWORD/.test(name));
    expect(secret.length).toBeGreaterThan(0);
    for (const { value, valueFrom } of secret) {
      expect(value).toBeUndefined();
      expect(valueFrom.secretKeyRef).toEqual({ name: expect.any(String), key: expect.any(String) });
    }
    expect(found('Secret')).toEqual([]);
  });

  it('migrates with the right to change the schema, and runs without it', () => {
    const keys = pods.map(({ name, container }) => [
      name,
      container.env.find((one: Manifest) => one.name === 'DATABASE_URL').valueFrom.secretKeyRef.key,
    ]);
    expect(Object.fromEntries(keys)).toEqual({
      'mpp-api': 'run-url',
      'mpp-worker': 'run-url',
      'mpp-migrate': 'migrate-url',
    });
  });

  it('sets only settings that the service reads, and leaves nothing to an embedded default', () => {
    const ours = SETTINGS.flatMap(settingsOf).map(({ name }) => name);
    const inEnv = pods.flatMap(({ container }) => container.env.map(({ name }: Manifest) => name));
    const set = new Set([...Object.keys(literals), ...inEnv]);
    expect([...set].filter((name) => !ours.includes(name))).toEqual([]);
    for (const needed of [
      'DATABASE_URL',
      'REDIS_URL',
      'ALIPAYPLUS_BASE_URL',
      'ALIPAYPLUS_PRIVATE_KEY_FILE',
      'API_KEYS_FILE',
    ])
      expect(set).toContain(needed);
    expect(literals).toMatchObject({ NODE_ENV: 'production', WALLET_LEDGER: 'http' });
  });

  it('calls each health address for its purpose, and stops no sooner than the service does', () => {
    for (const { spec, container } of pods.filter(({ name }) => name !== 'mpp-migrate')) {
      const { startupProbe, livenessProbe, readinessProbe } = container;
      expect([startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path)).toEqual([
        '/health/live',
        '/health/live',
        '/health/ready',
      ]);
      // Not at the port of the callers: there a probe waits behind a flood of them, and the pod would be ended in the
      // middle of it.
      for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe])
        expect(httpGet.port).toBe('management');
      const stops = (Number(literals.SHUTDOWN_DELAY_MS) + Number(literals.SHUTDOWN_GRACE_MS)) / 1_000 + 15;
      expect(spec.terminationGracePeriodSeconds).toBe(stops + 5);
    }
  });

  it('has for each deployment a budget, an autoscaler, and policies that choose its pods', () => {
    for (const { metadata, spec } of found('Deployment')) {
      expect(found('PodDisruptionBudget').map((one) => one.spec.selector)).toContainEqual(spec.selector);
      const scaler = found('HorizontalPodAutoscaler').find(
        (one) => one.spec.scaleTargetRef.name === metadata.name,
      );
      expect(scaler.spec.minReplicas).toBeGreaterThanOrEqual(2);
      expect(spec.replicas).toBeUndefined();
    }
    expect(found('NetworkPolicy')).toContainEqual(
      expect.objectContaining({
        spec: {
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'mpp-payments' } },
          policyTypes: ['Ingress', 'Egress'],
        },
      }),
    );
  });

  it('opens the port of figures and of the API description to Prometheus only', () => {
    const openTo = (name: string): number[] =>
      found('NetworkPolicy')
        .find(({ metadata }) => metadata.name === name)
        .spec.ingress.flatMap(({ ports }: Manifest) => ports.map(({ port }: Manifest) => port));
    expect(openTo('mpp-callers')).toEqual([Number(literals.PORT), signedCallsPort]);
    expect(openTo('mpp-metrics')).toEqual([Number(literals.MANAGEMENT_PORT)]);
    for (const { spec } of found('Deployment'))
      expect(spec.template.metadata.annotations['prometheus.io/port']).toBe(literals.MANAGEMENT_PORT);
    for (const { spec } of found('Service'))
      expect(spec.ports.map(({ targetPort }: Manifest) => targetPort)).toEqual(['http', 'signed-calls']);
  });

  it('routes the calls of Alipay+ to their own port, and nothing else', () => {
    const api = pods.find(({ name }) => name === 'mpp-api');
    expect(api?.container.ports).toContainEqual({ name: 'signed-calls', containerPort: signedCallsPort });
    const ways = found('Ingress').flatMap(({ spec }) =>
      spec.rules.flatMap(({ http }: Manifest) => http.paths),
    );
    const ownPaths = SETTINGS.flatMap(settingsOf)
      .filter(({ name }) => /^ALIPAYPLUS_(INQUIRY|CANCEL|REFUND|INQUIRY_REFUND)_PATH$/.test(name))
      .map((setting) => setting.default ?? '');
    expect(ways.map(({ path, backend }: Manifest) => [path, backend.service.port.name])).toEqual([
      ['/v1/scans', 'http'],
      ['/v1/payments', 'http'],
      ['/aps', 'signed-calls'],
    ]);
    expect(ownPaths).toHaveLength(4);
    for (const path of ownPaths) expect(path).toMatch(/^\/aps\//);
  });

  it('scales workers by a metric that the service has', () => {
    const worker = found('HorizontalPodAutoscaler').find(({ metadata }) => metadata.name === 'mpp-worker');
    const { name } = worker.spec.metrics[0].external.metric;
    expect(readFileSync('src/sweep/sweep-figures.ts', 'utf8')).toContain(`name: '${name}'`);
    expect(readFileSync('docs/deploy.md', 'utf8')).toContain(name);
  });

  it('opens no more connections than docs/deploy.md counts', () => {
    const processes = found('HorizontalPodAutoscaler').reduce((sum, { spec }) => sum + spec.maxReplicas, 0);
    const cores = Number(/for a primary of (\d+) cores/.exec(readFileSync('docs/deploy.md', 'utf8'))?.[1]);
    expect(processes * Number(literals.DATABASE_POOL_SIZE)).toBeLessThanOrEqual(4 * cores);
  });
});

const hasKubectl = (() => {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

// Where kubectl is installed: base and overlay combined, without a cluster.
(hasKubectl ? describe : describe.skip)('kubectl kustomize', () => {
  it('renders the overlay, whose result keeps the schemas too', () => {
    const rendered = manifestsIn(execFileSync('kubectl', ['kustomize', OVERLAY], { encoding: 'utf8' }));
    expect(faultsOf(rendered.map((manifest) => ({ manifest })))).toEqual([]);
    const deployments = rendered.filter(({ kind }) => kind === 'Deployment');
    expect(deployments).toHaveLength(2);
    for (const { metadata, spec } of deployments) {
      expect(metadata.namespace).toBe('payments');
      expect(spec.template.spec.containers[0].image).toMatch(/^registry\.example\/mpp-payments:\d/);
      expect(spec.template.metadata.labels['app.kubernetes.io/name']).toBe('mpp-payments');
    }
    const settings = rendered.find(({ kind }) => kind === 'ConfigMap');
    expect(settings.data).toMatchObject({ NODE_ENV: 'production', DATABASE_POOL_SIZE: '6' });
  });
});
