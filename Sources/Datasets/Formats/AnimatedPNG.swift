import Autograd
import FileSupport

/// A PNG file of several images that are shown one after another, again and again (APNG, chunks acTL,
/// fcTL and fdAT of the third edition of the PNG specification, W3C, 2025). Programs that know nothing of
/// animations show the first image.
public struct AnimatedPNG: Sendable, Hashable {
    /// An image, and how long it is shown.
    public struct Frame: Sendable, Hashable {
        public var image: PNG.Image
        /// In seconds, kept to the millisecond; at most 65.
        public var duration: Double

        /// Traps if the duration is negative, more than 65 seconds, or not a number.
        public init(_ image: PNG.Image, duration: Double) {
            guard 0...65 ~= duration else {
                programmerError("AnimatedPNG", "a frame of \(duration) seconds")
            }
            (self.image, self.duration) = (image, duration)
        }
    }

    public let frames: [Frame]

    /// Traps unless there is a frame, and all are equal in size and channels.
    public init(_ frames: [Frame]) {
        let shapes = Set(frames.map { [$0.image.width, $0.image.height, $0.image.channels] })
        guard shapes.count == 1 else {
            programmerError(
                "AnimatedPNG", "\(frames.count) frames of \(shapes.count) sizes, expected one")
        }
        self.frames = frames
    }

    /// Writes a file.
    public func write(to path: String) throws(FileError) {
        try AtomicFile.write(encode(), to: path)
    }

    /// The bytes of a file.
    public func encode() -> [UInt8] {
        // Control and data chunks of frames are counted together. The first image is that of the plain
        // file, and has no number of its own.
        var sequence: UInt32 = 0
        func next() -> [UInt8] {
            defer { sequence += 1 }
            return sequence.bigEndianBytes
        }
        let forever: UInt32 = 0
        var bytes = PNG.signature + PNG.header(of: frames[0].image)
        bytes += PNG.chunk("acTL", UInt32(frames.count).bigEndianBytes + forever.bigEndianBytes)
        for (index, frame) in frames.enumerated() {
            bytes += PNG.chunk("fcTL", next() + frame.control)
            let pixels = PNG.compressed(frame.image)
            bytes += index == 0 ? PNG.chunk("IDAT", pixels) : PNG.chunk("fdAT", next() + pixels)
        }
        return bytes + PNG.chunk("IEND", [])
    }
}

extension AnimatedPNG.Frame {
    /// The content of the chunk fcTL after its number: a frame covers the whole image and replaces what
    /// was there.
    fileprivate var control: [UInt8] {
        let offset: UInt32 = 0
        // Sound: from 0 to 65,000.
        let milliseconds = UInt16((1000 * duration).rounded())
        return UInt32(image.width).bigEndianBytes + UInt32(image.height).bigEndianBytes
            + offset.bigEndianBytes + offset.bigEndianBytes
            + milliseconds.bigEndianBytes + UInt16(1000).bigEndianBytes + [0, 0]
    }
}
