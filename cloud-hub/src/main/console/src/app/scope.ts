import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useQuery } from './query';
import * as hub from '../api/calls';
import type { OrganisationNode } from '../api/types';

export interface OutlineNode {
  node: OrganisationNode;
  depth: number;
}

/** The tree in reading order: each node directly followed by what is below it. */
function outline(nodes: OrganisationNode[]): OutlineNode[] {
  const known = new Set(nodes.map((n) => n.id));
  const below = (parent: string | null, depth: number): OutlineNode[] =>
    nodes
      .filter((n) => (n.parent && known.has(n.parent) ? n.parent : null) === parent)
      .flatMap((node) => [{ node, depth }, ...below(node.id, depth + 1)]);
  return below(null, 0);
}

/** The group, company or site that every screen is narrowed to. It is kept in the address. */
export const useScope = defineStore('scope', () => {
  const nodes = ref<OrganisationNode[]>([]);
  const selected = useQuery('site');
  const node = computed(() => nodes.value.find((n) => n.id === selected.value) ?? null);

  /** Ids of the sites below the chosen node, or null when nothing is narrowed. */
  const sites = computed<Set<string> | null>(() => {
    if (!node.value) return null;
    const found = new Set<string>();
    const visit = (n: OrganisationNode): void => {
      if (n.kind === 'site') found.add(n.id);
      nodes.value.filter((child) => child.parent === n.id).forEach(visit);
    };
    visit(node.value);
    return found;
  });

  return {
    nodes,
    selected,
    sites,
    outline: computed(() => outline(nodes.value)),
    siteList: computed(() => nodes.value.filter((n) => n.kind === 'site')),
    /** The hub narrows to one site; a company or group is narrowed here. */
    siteQuery: computed(() => (node.value?.kind === 'site' ? node.value.id : undefined)),
    has: (siteId: string) => sites.value === null || sites.value.has(siteId),
    zoneOf: (siteId: string) => nodes.value.find((n) => n.id === siteId)?.timeZone ?? 'Asia/Shanghai',
    async load() {
      nodes.value = await hub.organisation();
    },
  };
});
