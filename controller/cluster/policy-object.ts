// The BootImagePolicy: what the admin wants, and what the status says so far.
import { z } from "zod";
import { namespace, policyAnnotations } from "../../common/annotations.ts";
import { duration } from "../decide/duration.ts";
import { LabelSelector, Metadata, Time } from "./metadata.ts";

const Reference = z.object({ name: z.string(), namespace: z.string().default(namespace), key: z.string() });

/** Strict, so that no half of two forms is taken for one of them. */
const ImageSource = z.union([
  z.strictObject({ template: z.string(), release: z.string().optional(), caBundle: z.undefined().optional() }),
  z.strictObject({ url: z.string(), sha256: z.string(), release: z.string(), caBundle: Reference.optional() }),
  z.strictObject({ mirror: z.string().optional(), caBundle: Reference.optional() }),
]);

const PolicyObject = z.object({
  metadata: Metadata,
  spec: z.object({
    mode: z.enum(["Observe", "Manage"]).default("Observe"),
    selection: z
      .object({
        mode: z.enum(["All", "None", "Partial", "FollowMachineConfiguration"]),
        partial: z.object({ machineResourceSelector: LabelSelector.optional() }).optional(),
      })
      .default({ mode: "All" }),
    imageSource: ImageSource.default({}),
    vcenters: z
      .array(
        z.object({
          server: z.string(),
          credentialsSecret: z.object({ name: z.string(), namespace: z.string().default(namespace) }).optional(),
          caBundle: Reference.optional(),
          thumbprint: z.string().optional(),
          insecureSkipVerify: z.boolean().default(false),
        }),
      )
      .default([]),
    template: z
      .object({
        diskProvisioning: z.enum(["Auto", "Thin", "Thick", "EagerZeroedThick"]).default("Auto"),
        snapshot: z.enum(["Auto", "Never"]).default("Auto"),
        retain: z.number().int().min(1).default(2),
      })
      .prefault({}),
    rollout: z
      .object({
        pauseOnFailure: z.boolean().default(true),
        allowDowngrade: z.boolean().default(false),
        newNodeDeadline: z
          .string()
          .default("45m")
          .transform((text, context) => {
            const milliseconds = duration(text);
            if (milliseconds === undefined) context.addIssue("no duration like 45m or 1h30m");
            return milliseconds ?? 0;
          }),
      })
      .prefault({}),
  }),
  status: z
    .looseObject({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string(),
            message: z.string(),
            lastTransitionTime: z.string(),
            observedGeneration: z.number().optional(),
          }),
        )
        .default([]),
    })
    .default({ conditions: [] }),
});

export type Policy = ReturnType<typeof readPolicy>;

export function readPolicy(object: unknown) {
  const { metadata, spec, status } = PolicyObject.parse(object);
  return {
    name: metadata.name,
    uid: metadata.uid,
    generation: metadata.generation ?? 0,
    resumedAt: Time.safeParse(metadata.annotations[policyAnnotations.resumedAt]).data ?? null,
    ...spec,
    status,
  };
}
