import Autograd

extension PNG {
    /// An image of 8 bits a channel.
    public struct Image: Sendable, Hashable {
        public let width: Int
        public let height: Int
        /// 1 for grey, 3 for red, green, blue.
        public let channels: Int
        /// Row by row from the top, the channels of a pixel together.
        public var pixels: [UInt8]

        /// Traps where there are not `width * height * channels` pixels, or neither
        /// one channel nor three.
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
}
