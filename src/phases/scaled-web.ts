import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Alerting } from "../components/aws/alerting.ts";
import {
  type Alarm,
  applicationAlarms,
  cacheAlarms,
  databaseAlarms,
  fleetAlarms,
  loadBalancerAlarms,
  siteAlarm,
} from "../components/aws/alarms.ts";
import { AppConfig } from "../components/aws/app-config.ts";
import { Audit } from "../components/aws/audit.ts";
import { Budget } from "../components/aws/budget.ts";
import { Cache } from "../components/aws/cache.ts";
import { Certificates } from "../components/aws/certificate.ts";
import { Database } from "../components/aws/database.ts";
import { Deploy } from "../components/aws/deploy.ts";
import { Dns } from "../components/aws/dns.ts";
import { Edge } from "../components/aws/edge.ts";
import { Fleets } from "../components/aws/fleets.ts";
import { Keys } from "../components/aws/keys.ts";
import { LoadBalancer } from "../components/aws/load-balancer.ts";
import { createLogGroup } from "../components/aws/log-group.ts";
import { ManagedBackup } from "../components/aws/managed-backup.ts";
import { Network } from "../components/aws/network.ts";
import { SecurityGroups } from "../components/aws/security-groups.ts";
import { ServerRole } from "../components/aws/server-role.ts";
import { SiteCheck } from "../components/aws/site-check.ts";
import { databaseShape } from "../components/aws/sizes.ts";
import { Storage } from "../components/aws/storage.ts";
import { Topics } from "../components/aws/topics.ts";
import { ZoneRecords } from "../components/cloudflare/dns.ts";
import { ALERTS } from "../concepts/alerts.ts";
import type { StackContext } from "../concepts/context.ts";
import { hostDefaults } from "../host/spec.ts";
import type { ScaledWebSettings } from "../settings/scaled-web.ts";
import type { StackOutputs } from "./outputs.ts";
import { PhaseComponent } from "./phase-component.ts";
import {
  COLOURS,
  FLOWS,
  GLOBAL_REGION,
  GROUPS,
  GROWTH,
  appValues,
  networkPlan,
  webSize,
  weightsOf,
} from "./scaled-web-values.ts";

type Text = pulumi.Input<string>;

/** What every part is told. */
interface Ground {
  context: StackContext;
  accountId: pulumi.Output<string>;
  region: string;
  keys: Keys["arns"];
}

/**
 * Phase 2, option 1 of the guide ("Cloud scalable"): content network, load balancer, a fleet in two colours, managed data.
 * Over 300 lines on purpose: every part is built elsewhere, and one list shows which part needs which.
 */
export class ScaledWeb extends PhaseComponent {
  readonly outputs: StackOutputs;

  constructor(settings: ScaledWebSettings, context: StackContext) {
    super("ScaledWeb", settings.platform, context);
    const name = context.naming.environment;
    const opts = { parent: this };
    const { region, copyRegion, backup } = GROWTH;
    const { domain } = settings;
    const hostNames = [domain, `www.${domain}`] as const;
    const { healthPath } = hostDefaults.app;
    const accountId = aws.getCallerIdentityOutput({}, opts).accountId;
    const regions = { home: region, copy: copyRegion, global: GLOBAL_REGION };
    const keys = new Keys(`${name}-keys`, { context, accountId, regions }, opts).arns;
    const ground: Ground = { context, accountId, region, keys };

    const storage = new Storage(
      `${name}-storage`,
      { ...ground, copyRegion, keyArn: keys.data, copyKeyArn: keys.copy, files: backup.files },
      opts,
    );
    const logs = { bucket: storage.logs.bucketName, bucketReady: storage.logsReady };
    const network = new Network(
      `${name}-network`,
      { ...ground, plan: networkPlan(settings), flowLogBucketArn: storage.logsReady },
      opts,
    );
    const subnets = network.subnetIds;
    const groups = new SecurityGroups(
      `${name}-groups`,
      { context, vpcId: network.vpcId, groups: GROUPS, flows: FLOWS },
      opts,
    ).ids;
    const zone =
      settings.dns.provider === "route53"
        ? new Dns(`${name}-dns`, { context, domain }, opts)
        : new ZoneRecords(`${name}-dns`, { zoneId: settings.dns.zoneId }, opts);
    const certificates = new Certificates(
      `${name}-certificates`,
      { context, hostNames, regions: [region, GLOBAL_REGION], zone },
      opts,
    ).arns;
    const balancer = new LoadBalancer(
      `${name}-balancer`,
      {
        context,
        vpcId: network.vpcId,
        subnetIds: subnets.app,
        securityGroupId: groups.balancer,
        certificateArn: certificates[region],
        logs,
        healthPath,
        weights: weightsOf(settings.release),
      },
      opts,
    );
    const database = this.createDatabase(name, ground, settings, subnets.data, groups.database);
    const cache = new Cache(
      `${name}-cache`,
      { context, ...GROWTH.cache, subnetIds: subnets.data, securityGroupId: groups.cache, keyArn: keys.data },
      opts,
    );
    const appLog = createLogGroup(
      `${name}-application-log`,
      { context, name: applicationLog(context), retentionDays: 30, keyArn: keys.logs },
      this,
    );
    const config = new AppConfig(
      `${name}-config`,
      {
        ...ground,
        keyArn: keys.data,
        values: appValues(settings, region, { database, cache, storage }),
        secrets: { APP_KEY: settings.appKey, REDIS_PASSWORD: cache.password },
      },
      opts,
    );
    const role = new ServerRole(
      `${name}-server`,
      {
        context,
        keyArn: keys.data,
        configArn: config.arn,
        databaseSecretArn: database.secretArn,
        logGroupArn: appLog.arn,
        buckets: storage,
      },
      opts,
    );
    const { web, worker } = new Fleets(
      `${name}-fleets`,
      {
        context,
        region,
        subnetIds: subnets.app,
        securityGroupId: groups.server,
        instanceProfileArn: role.instanceProfileArn,
        balancer,
        instanceType: settings.web.instanceType ?? GROWTH.web.instanceType,
        imageParameter: settings.web.imageParameter ?? GROWTH.imageParameter,
        diskGiB: GROWTH.diskGiB,
        server: {
          phpVersion: settings.web.phpVersion ?? hostDefaults.versions.php,
          configPath: config.path,
          networkCidr: GROWTH.network.cidr,
          logGroup: applicationLog(context),
        },
        web: { blue: webSize(settings, "blue"), green: webSize(settings, "green") },
        worker: GROWTH.worker,
        targets: GROWTH.targets,
      },
      opts,
    );
    const edge = new Edge(
      `${name}-edge`,
      {
        context,
        hostNames,
        certificateArn: certificates[GLOBAL_REGION],
        origin: { arn: balancer.arn, dnsName: balancer.dnsName },
        media: storage.media,
        logs,
        keyArn: keys.global,
        rateLimit: GROWTH.rateLimit,
      },
      opts,
    );
    for (const hostName of hostNames) zone.site(hostName, hostName, edge);

    const audit = new Audit(`${name}-audit`, { context, accountId, keyArn: keys.logs, logs }, opts);
    const check = new SiteCheck(`${name}-site`, { context, domain, path: healthPath }, opts);
    const alerting = this.createAlerting(name, ground, settings, {
      applicationLog: appLog.name,
      auditLog: audit.logGroupName,
      database: database.identifier,
      alarms: [
        siteAlarm(check.healthCheckId),
        ...loadBalancerAlarms(balancer.arnSuffix),
        ...COLOURS.flatMap((colour) => fleetAlarms(`web-${colour}`, web[colour].groupName)),
        ...fleetAlarms("worker", worker.groupName),
        ...cacheAlarms(cache.nodeIds),
      ],
    });
    const deploy = new Deploy(
      `${name}-deploy`,
      {
        ...ground,
        ...settings.github,
        releases: storage.releases,
        media: storage.media,
        keyArn: keys.data,
        fleets: {
          blue: { groupName: web.blue.groupName, targetGroupName: balancer.targets.blue.name },
          green: { groupName: web.green.groupName, targetGroupName: balancer.targets.green.name },
          worker: { groupName: worker.groupName },
        },
        alarmNames: alerting.named("error-rate web", "slow-responses web"),
      },
      opts,
    );
    const vaults = new ManagedBackup(
      `${name}-backup`,
      {
        ...ground,
        copyRegion,
        keyArn: keys.data,
        copyKeyArn: keys.copy,
        snapshots: backup.snapshots,
        databaseArns: [database.arn],
        restoreTest: { subnetGroup: database.subnetGroupName, securityGroupId: groups.database },
      },
      opts,
    );

    this.outputs = {
      appUrl: `https://${domain}`,
      databaseEndpoint: database.endpoint,
      cacheEndpoint: cache.endpoint,
      cdnDomain: edge.domainName,
      backups: {
        vault: vaults.vaultName,
        copies: vaults.copyVaultArn,
        bucket: storage.backups.bucketName,
        snapshots: `every ${backup.snapshots.everyHours} h, ${backup.snapshots.keepDays} days`,
        pointInTimeDays: backup.pointInTimeDays,
      },
      alerts: Object.fromEntries(GROWTH.alerts.map((id) => [id, ALERTS[id].severity])),
      allowReplace: context.guard.allowReplace,
    };
    this.registerOutputs({ ...this.outputs, deployRole: deploy.roleArn });
  }

  private createDatabase(
    name: string,
    ground: Ground,
    settings: ScaledWebSettings,
    subnetIds: Text[],
    securityGroupId: Text,
  ): Database {
    const { instanceClass, storageGiB } = databaseSize(settings);
    return new Database(
      `${name}-database`,
      {
        ...ground,
        instanceClass,
        engineVersion: "8.4",
        storageGiB: { initial: storageGiB, max: Math.max(storageGiB, GROWTH.database.maxStorageGiB) },
        multiAz: true,
        subnetIds,
        securityGroupId,
        keyArn: ground.keys.data,
        logsKeyArn: ground.keys.logs,
        backup: GROWTH.backup,
        databaseName: hostDefaults.app.database,
      },
      { parent: this },
    );
  }

  private createAlerting(
    name: string,
    ground: Ground,
    settings: ScaledWebSettings,
    watched: { applicationLog: Text; auditLog: Text; database: Text; alarms: Alarm[] },
  ): Alerting {
    const opts = { parent: this };
    const { context, accountId, keys } = ground;
    const emails = { critical: settings.alerts.criticalEmails, warning: settings.alerts.warningEmails };
    const topics = (part: string, region: string, keyArn: Text) =>
      new Topics(`${name}-${part}`, { context, accountId, region, keyArn, pagerUrl: settings.pagerUrl, emails }, opts);
    const home = topics("topics", GROWTH.region, keys.alerts);
    const { instanceClass, storageGiB } = databaseSize(settings);
    const namespace = `Jatsmanor/${name}`;
    new Budget(
      `${name}-budget`,
      {
        context,
        budget: GROWTH.budget,
        usdPerEur: settings.usdPerEur.rate,
        emails: emails.warning,
        topicArn: home.arns.warning,
      },
      opts,
    );
    return new Alerting(
      `${name}-alerting`,
      {
        ...ground,
        alerts: GROWTH.alerts,
        topics: { home, global: topics("global-topics", GLOBAL_REGION, keys.global) },
        slack: settings.slack,
        namespace,
        applicationLog: watched.applicationLog,
        auditLog: watched.auditLog,
        databaseIdentifiers: [watched.database],
        alarms: [
          ...watched.alarms,
          ...databaseAlarms({ identifier: watched.database, storageGiB, ...databaseShape(instanceClass) }),
          ...applicationAlarms(namespace),
        ],
      },
      opts,
    );
  }
}

const applicationLog = ({ naming }: StackContext): string => `/${naming.project}/${naming.environment}/app`;

const databaseSize = ({ database }: ScaledWebSettings) => ({
  instanceClass: database.instanceClass ?? GROWTH.database.instanceClass,
  storageGiB: database.storageGiB ?? GROWTH.database.storageGiB,
});
