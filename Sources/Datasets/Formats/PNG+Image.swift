import Autograd

extension PNG {
    /// An image with 8 bits per channel.
    public struct Image: Sendable, Hashable {
        public let width: Int
        public let height: Int
        /// 1 for grey, 3 for red, green, blue.
        public let channels: Int
        /// Row by row from the top, with the channels of a pixel together.
        public var pixels: [UInt8]

        /// Traps unless there are `width * height * channels` bytes, and one channel or three.
        public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
            guard width > 0, height > 0, channels == 1 || channels == 3,
                pixels.count == width * height * channels
            else {
                programmerError(
                    "PNG.Image",
                    "\(pixels.count) bytes do not fill \(width) × \(height) × \(channels)")
            }
            self.width = width
            self.height = height
            self.channels = channels
            self.pixels = pixels
        }
    }

    /// An image with 16 bits per channel, laid out as ``Image``.
    struct DeepImage {
        let width: Int
        let height: Int
        let channels: Int
        let pixels: [UInt16]
    }
}
