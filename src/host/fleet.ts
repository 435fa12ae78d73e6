/**
 * First boot of a server that a scaling group starts: no administrator, no address of its own, nothing to keep. It
 * installs what a release needs and writes the application's environment, which the servers' role may read. Until a
 * golden image brings the packages, this is what makes a new server slow to start.
 */
import { type HostSpec, hostDefaults } from "./spec.ts";

export interface FleetServer {
  region: string;
  /** `web` answers requests; `worker` runs the queue and the schedule. */
  role: "web" | "worker";
  phpVersion: HostSpec["versions"]["php"];
  /** Parameter Store path with the application's environment. */
  configPath: string;
  /** Private network, whose proxies may say what the visitor's address is. */
  networkCidr: string;
  logGroup: string;
}

/** Scripts sent to a server are cut at 16 KB by AWS. */
const USER_DATA_LIMIT = 16 * 1024;

/**
 * A `#cloud-config` text without any secret: everything on the server can read it.
 * @throws Error when it is longer than AWS takes.
 */
export function fleetCloudInit(server: FleetServer): string {
  const files = [
    file("/usr/local/sbin/app-environment", "0755", environmentScript(server)),
    file("/opt/aws/amazon-cloudwatch-agent/etc/jatsmanor.json", "0644", JSON.stringify(agent(server), null, 1)),
    ...(server.role === "web" ? [file("/etc/nginx/conf.d/app.conf", "0644", nginx(server))] : []),
  ];
  const text = ["#cloud-config", "write_files:", ...files, "runcmd:", ...steps(server).map(command), ""].join("\n");
  if (Buffer.byteLength(text) > USER_DATA_LIMIT)
    throw new Error(`user data of a ${server.role} server has ${Buffer.byteLength(text)} bytes, the limit is 16384`);
  return text;
}

const file = (path: string, mode: string, content: string): string =>
  [
    `- path: ${path}`,
    `  permissions: "${mode}"`,
    "  content: |",
    ...content
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`),
  ].join("\n");

const command = (step: string): string => `- ${JSON.stringify(["bash", "-euc", step])}`;

/** Order matters: the agent of deployments comes last, a release finds everything else in place. */
function steps({ region, role, phpVersion, configPath }: FleetServer): string[] {
  const extensions = ["fpm", "cli", "mysql", "redis", "gd", "intl", "mbstring", "bcmath", "xml", "zip", "curl"];
  const php = extensions.map((extension) => `php${phpVersion}-${extension}`).join(" ");
  const service = role === "web" ? "nginx" : "supervisor";
  const agentPackage = `https://amazoncloudwatch-agent-${region}.s3.${region}.amazonaws.com/ubuntu/amd64/latest`;
  return [
    "export DEBIAN_FRONTEND=noninteractive; apt-get update -q; apt-get install -qy software-properties-common",
    `add-apt-repository -y ppa:ondrej/php; apt-get install -qy ${php} ${service} jq ruby-full unattended-upgrades`,
    "snap install aws-cli --classic; install -d -o www-data -g www-data /srv/app/releases /srv/app/shared",
    `curl -fsS --retry 5 -o /etc/ssl/certs/database.pem https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`,
    `/usr/local/sbin/app-environment ${configPath} > /dev/null`,
    ...(role === "web" ? ["rm -f /etc/nginx/sites-enabled/default; nginx -t; systemctl reload nginx"] : []),
    `curl -fsS --retry 5 -o /tmp/agent.deb ${agentPackage}/amazon-cloudwatch-agent.deb; dpkg -i /tmp/agent.deb`,
    "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s " +
      "-c file:/opt/aws/amazon-cloudwatch-agent/etc/jatsmanor.json",
    `curl -fsS --retry 5 -o /tmp/codedeploy https://aws-codedeploy-${region}.s3.${region}.amazonaws.com/latest/install; ` +
      "ruby /tmp/codedeploy auto",
  ];
}

/** Writes /srv/app/shared/.env: the plain values, the encrypted ones, and the database password that RDS keeps. */
const environmentScript = ({ region }: FleetServer): string => `#!/bin/bash
# Run at the first boot and by each release (hook BeforeInstall): the database's password changes by itself.
set -euo pipefail
umask 077
path="$1"; out=/srv/app/shared/.env; new="$(mktemp)"
aws="/snap/bin/aws --region ${region} --output json"
$aws ssm get-parameters-by-path --path "$path" --with-decryption > "$new.parameters"
jq -r '.Parameters[] | (.Name | split("/") | last) as $name | if $name == "ENVIRONMENT"
  then (.Value | fromjson | to_entries[] | "\\(.key)=\\(.value | @json)")
  else "\\($name)=\\(.Value | @json)" end' "$new.parameters" > "$new"
secret="$(jq -r '.Parameters[] | select(.Name | endswith("/ENVIRONMENT")) | .Value | fromjson | .DB_SECRET_ARN' "$new.parameters")"
$aws secretsmanager get-secret-value --secret-id "$secret" | jq -r '.SecretString | fromjson
  | "DB_USERNAME=\\(.username | @json)\\nDB_PASSWORD=\\(.password | @json)"' >> "$new"
install -o root -g www-data -m 0640 "$new" "$out"
rm -f "$new" "$new.parameters"
`;

/** Answers the load balancer before the first release, or the group would replace its servers for ever. */
const nginx = ({ networkCidr, phpVersion }: FleetServer): string => `server {
  listen 80 default_server;
  root ${hostDefaults.app.root}/current/public;
  index index.php;
  server_tokens off;
  client_max_body_size ${hostDefaults.app.phpUploadMiB}m;
  set_real_ip_from ${networkCidr};
  real_ip_header X-Forwarded-For;
  real_ip_recursive on;
  location = ${hostDefaults.app.healthPath} {
    if (!-e $document_root/index.php) { return 200 "waiting for the first release\\n"; }
    try_files $uri /index.php?$query_string;
  }
  location / { try_files $uri $uri/ /index.php?$query_string; }
  location ~ /\\.(?!well-known) { deny all; }
  location = /index.php {
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME $realpath_root/index.php;
    fastcgi_param DOCUMENT_ROOT $realpath_root;
    fastcgi_param HTTPS on;
    fastcgi_pass unix:/run/php/php${phpVersion}-fpm.sock;
  }
}
`;

/** Memory and disk, which the hypervisor cannot see, per scaling group; and the application's log. */
const agent = ({ logGroup, role }: FleetServer) => ({
  metrics: {
    append_dimensions: { AutoScalingGroupName: "${aws:AutoScalingGroupName}" },
    aggregation_dimensions: [["AutoScalingGroupName"]],
    metrics_collected: {
      mem: { measurement: ["mem_used_percent"] },
      disk: { measurement: ["used_percent"], resources: ["/"], drop_device: true },
    },
  },
  logs: {
    logs_collected: {
      files: {
        collect_list: [
          {
            file_path: `${hostDefaults.app.root}/shared/storage/logs/*.json`,
            log_group_name: logGroup,
            log_stream_name: `${role}/{instance_id}`,
          },
        ],
      },
    },
  },
});
