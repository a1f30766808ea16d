import Autograd
import FileSupport

/// Sets of images stored in files of the same names, and how to distinguish them.
enum KnownImages {
    private struct Part: Hashable {
        let count: Int
        /// CRC-32 of the first thousand images.
        let checksum: UInt32
    }

    private static let parts: [Part: String] = [
        Part(count: 60_000, checksum: 0xEDB3_D0B3): "mnist",
        Part(count: 10_000, checksum: 0x87AB_9190): "mnist",
        Part(count: 60_000, checksum: 0xF08E_3D03): "fashion-mnist",
        Part(count: 10_000, checksum: 0xC03B_4346): "fashion-mnist",
        Part(count: 7_291, checksum: 0xF042_9DA9): "usps",
        Part(count: 2_007, checksum: 0xE09E_0520): "usps",
    ]

    /// The set that images, [n, height, width], belong to, if it is known.
    static func name(of images: Tensor) -> String? {
        guard images.dataType == .uint8, let count = images.shape.first, count > 0 else {
            return nil
        }
        let checksum = images.withUnsafeElements(as: UInt8.self) { pixels in
            Checksum.crc32(
                UnsafeRawBufferPointer(
                    rebasing: UnsafeRawBufferPointer(pixels)[
                        ..<min(pixels.count, 1000 * (pixels.count / count))]))
        }
        return parts[Part(count: count, checksum: checksum)]
    }

    /// What a user should know about files that are read as those of a set, if anything.
    static func notes(on dataset: String, training: Tensor, test: Tensor) -> [String] {
        [("to train on", training), ("to test on", test)].compactMap { purpose, images in
            let found = name(of: images)
            if found == dataset { return nil }
            return found.map { "the images \(purpose) are those of \($0), not of \(dataset)" }
                ?? "the images \(purpose) are not those of \(dataset) as it was published"
        }
    }
}
