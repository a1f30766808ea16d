import Autograd
import FileSupport

extension Examples {
    /// Identifies these examples: it changes with any element, label or condition, with the shape, the type or
    /// the order of the examples. It is the same on every machine.
    public var checksum: UInt64 {
        // Two checksums of 32 bits: of the elements, and of everything else.
        var rest = Array("\(inputs.dataType) \(inputs.shape)".utf8)
        if let labels { rest += littleEndianBytes(labels.elements(as: Int32.self)) }
        condition?.withUnsafeBytes { rest += Array($0) }
        return UInt64(inputs.checksum) << 32 | UInt64(Checksum.crc32(rest))
    }
}

extension Tensor {
    /// CRC-32 of the elements as stored in memory, which is little-endian on all supported
    /// machines.
    fileprivate var checksum: UInt32 {
        withUnsafeBytes { Checksum.crc32($0) }
    }
}
