// The failure of an image: it cannot be downloaded, or its bytes are not what they should be.
import { Failure } from "../../common/failure.ts";

/** Reasons: DownloadFailed, ImageChanged, ImageTruncated, ChecksumMismatch, DescriptorMissing, DescriptorInvalid, Interrupted. */
export class OvaError extends Failure {}
