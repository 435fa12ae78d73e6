import { k8sContainerHardened } from "./k8s-container-hardened.ts";
import { k8sDefaultDenyNetpol } from "./k8s-default-deny-netpol.ts";
import { k8sHaWorkload } from "./k8s-ha-workload.ts";
import { k8sHelmVisible } from "./k8s-helm-visible.ts";
import { k8sImagePinned } from "./k8s-image-pinned.ts";
import { k8sProbes } from "./k8s-probes.ts";
import { k8sPsaEnforced } from "./k8s-psa-enforced.ts";
import { k8sRbacNoWildcard } from "./k8s-rbac-no-wildcard.ts";
import { k8sResourcesSet } from "./k8s-resources-set.ts";
import { k8sServiceExposure } from "./k8s-service-exposure.ts";

export const kubernetes = [
  k8sPsaEnforced,
  k8sContainerHardened,
  k8sResourcesSet,
  k8sImagePinned,
  k8sHaWorkload,
  k8sProbes,
  k8sDefaultDenyNetpol,
  k8sRbacNoWildcard,
  k8sServiceExposure,
  k8sHelmVisible,
];
