import Autograd
import FileSupport

extension Examples {
    /// Identifies these examples: it changes with any element or label, with the shape, the type or
    /// the order of the examples. It is the same on every machine.
    public var checksum: UInt64 {
        // Two checksums of 32 bits: of the elements, and of everything else.
        var rest = Array("\(inputs.dataType) \(inputs.shape)".utf8)
        if let labels { rest += littleEndianBytes(labels.elements(as: Int32.self)) }
        return UInt64(inputs.checksum) << 32 | UInt64(Checksum.crc32(rest))
    }
}

extension Tensor {
    /// CRC-32 of the elements as stored in memory, which is little-endian on all supported
    /// machines.
    fileprivate var checksum: UInt32 {
        func checksum<Element: TensorElement>(of type: Element.Type) -> UInt32 {
            withUnsafeElements(as: type) { Checksum.crc32(UnsafeRawBufferPointer($0)) }
        }
        return switch dataType {
        case .float32: checksum(of: Float.self)
        case .float64: checksum(of: Double.self)
        case .int32: checksum(of: Int32.self)
        case .uint8: checksum(of: UInt8.self)
        case .bool: checksum(of: Bool.self)
        }
    }
}
