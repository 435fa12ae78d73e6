/** Type tokens, aliases included: a rule that knows one of two names for a bucket passes the other by accident. */

/** A token and its V2 twin. */
const twin = (module: string, name: string): readonly [string, string] => {
  const lower = name.charAt(0).toLowerCase() + name.slice(1);
  return [`aws:${module}/${lower}:${name}`, `aws:${module}/${lower}V2:${name}V2`];
};

export const DROPLET = ["digitalocean:index/droplet:Droplet"] as const;
export const DO_FIREWALL = ["digitalocean:index/firewall:Firewall"] as const;
export const DO_LOAD_BALANCER = ["digitalocean:index/loadBalancer:LoadBalancer"] as const;
export const DO_DATABASE = ["digitalocean:index/databaseCluster:DatabaseCluster"] as const;
export const DO_DATABASE_FIREWALL = ["digitalocean:index/databaseFirewall:DatabaseFirewall"] as const;
/** `floatingIp` is the old name of a reserved address. */
export const DO_ADDRESS = [
  "digitalocean:index/reservedIp:ReservedIp",
  "digitalocean:index/reservedIpv6:ReservedIpv6",
  "digitalocean:index/floatingIp:FloatingIp",
] as const;
export const DO_ADDRESS_ASSIGNMENT = [
  "digitalocean:index/reservedIpAssignment:ReservedIpAssignment",
  "digitalocean:index/reservedIpv6Assignment:ReservedIpv6Assignment",
  "digitalocean:index/floatingIpAssignment:FloatingIpAssignment",
] as const;
export const MONITOR_ALERT = ["digitalocean:index/monitorAlert:MonitorAlert"] as const;
export const UPTIME_CHECK = ["digitalocean:index/uptimeCheck:UptimeCheck"] as const;
export const UPTIME_ALERT = ["digitalocean:index/uptimeAlert:UptimeAlert"] as const;

/** Records of provider v6 and of older ones. */
export const DNS_RECORD = ["cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/record:Record"] as const;
export const ZONE = ["cloudflare:index/zone:Zone"] as const;
export const ZONE_SETTING = ["cloudflare:index/zoneSetting:ZoneSetting"] as const;
export const RULESET = ["cloudflare:index/ruleset:Ruleset"] as const;
export const TUNNEL = [
  "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
  "cloudflare:index/tunnel:Tunnel",
] as const;

export const BUCKET = twin("s3", "Bucket");
export const BUCKET_VERSIONING = twin("s3", "BucketVersioning");
export const BUCKET_ENCRYPTION = twin("s3", "BucketServerSideEncryptionConfiguration");
export const BUCKET_LIFECYCLE = twin("s3", "BucketLifecycleConfiguration");
export const BUCKET_ACL = twin("s3", "BucketAcl");
export const BUCKET_LOGGING = twin("s3", "BucketLogging");
export const BUCKET_POLICY = ["aws:s3/bucketPolicy:BucketPolicy"] as const;
export const BUCKET_PUBLIC_BLOCK = ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"] as const;
export const ACCOUNT_PUBLIC_BLOCK = [
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  "aws:s3control/accountPublicAccessBlock:AccountPublicAccessBlock",
] as const;

export const LOAD_BALANCER = [
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:alb/loadBalancer:LoadBalancer",
  "aws:applicationloadbalancing/loadBalancer:LoadBalancer",
  "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer",
] as const;
export const DISTRIBUTION = ["aws:cloudfront/distribution:Distribution"] as const;
export const WEB_ACL = ["aws:wafv2/webAcl:WebAcl"] as const;
export const METRIC_ALARM = ["aws:cloudwatch/metricAlarm:MetricAlarm"] as const;

export const RDS_INSTANCE = ["aws:rds/instance:Instance"] as const;
export const RDS_CLUSTER = ["aws:rds/cluster:Cluster"] as const;
export const RDS_CLUSTER_INSTANCE = ["aws:rds/clusterInstance:ClusterInstance"] as const;
export const REPLICATION_GROUP = ["aws:elasticache/replicationGroup:ReplicationGroup"] as const;
export const CACHE_CLUSTER = ["aws:elasticache/cluster:Cluster"] as const;
export const LOG_GROUP = ["aws:cloudwatch/logGroup:LogGroup"] as const;
export const TOPIC = ["aws:sns/topic:Topic"] as const;
export const QUEUE = ["aws:sqs/queue:Queue"] as const;
export const EKS_CLUSTER = ["aws:eks/cluster:Cluster"] as const;
export const EKS_NODE_GROUP = ["aws:eks/nodeGroup:NodeGroup"] as const;
export const SCALING_GROUP = ["aws:autoscaling/group:Group"] as const;
export const IAM_ROLE = ["aws:iam/role:Role"] as const;
export const VPC = ["aws:ec2/vpc:Vpc"] as const;
export const SECURITY_GROUP = ["aws:ec2/securityGroup:SecurityGroup"] as const;
export const DEFAULT_SECURITY_GROUP = ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"] as const;
/** Rules of a group as resources of their own: of both directions, told apart by `type`, and the newer ones. */
export const SECURITY_GROUP_RULE = [
  "aws:ec2/securityGroupRule:SecurityGroupRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
] as const;
