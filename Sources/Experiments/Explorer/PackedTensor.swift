import Autograd
import Foundation

/// A tensor in the text of a page: floating-point numbers, or whole numbers of a few bits with a scale
/// for each row.
struct PackedTensor: Codable, Equatable {
    var shape: [Int]
    /// Base64 of little-endian `float32`, or of whole numbers one after another, the highest bit first,
    /// each plus half of what so many bits can count.
    var values: String
    /// Base64 of the scale of each part along the first axis; nil for floating-point numbers.
    var scales: String?
    /// Of each whole number.
    var bits: Int?

    /// How exactly weights are packed.
    enum Precision: Equatable {
        /// Whole numbers of 8 to 16 bits; vectors, which are small, stay as they are.
        case bits(Int)
        case float32

        /// Nil of floating-point numbers.
        var bits: Int? {
            if case .bits(let bits) = self { bits } else { nil }
        }

        /// From the smallest to the largest.
        static let all = (8...16).map(bits) + [float32]
    }

    init(_ tensor: Tensor, _ precision: Precision = .float32) {
        shape = tensor.shape
        guard case .bits(let bits) = precision, tensor.rank > 1 else {
            values = Self.text(tensor.cast(to: .float32))
            return
        }
        let (numbers, scales) = Self.wholeNumbers(tensor, bits)
        values = Self.text(numbers.cast(to: .int32).elements(as: Int32.self), bits)
        self.scales = Self.text(scales)
        self.bits = bits
    }

    /// What is left of a tensor of this precision.
    static func rounded(_ tensor: Tensor, _ precision: Precision) -> Tensor {
        guard case .bits(let bits) = precision, tensor.rank > 1 else { return tensor }
        let (numbers, scales) = wholeNumbers(tensor, bits)
        return (numbers * scales).reshaped(tensor.shape)
    }

    /// Whole numbers, `[rows, …]`, and the scales of the rows, `[rows, 1]`.
    private static func wholeNumbers(
        _ tensor: Tensor, _ bits: Int
    ) -> (numbers: Tensor, scales: Tensor) {
        let rows = tensor.cast(to: .float32).flattened()
        let greatest = Double(1 << (bits - 1) - 1)
        let scales = maximum(abs(rows).max(axes: [1], keepingAxes: true), 1e-30) / greatest
        return (round(rows / scales), scales)
    }

    private static func text(_ tensor: Tensor) -> String {
        tensor.withUnsafeBytes { Data($0) }.base64EncodedString()
    }

    private static func text(_ numbers: [Int32], _ bits: Int) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((numbers.count * bits + 7) / 8)
        var (held, known): (UInt32, Int) = (0, 0)
        let offset = Int32(1) << Int32(bits - 1)
        for number in numbers {
            held = held << UInt32(bits) | UInt32(bitPattern: number &+ offset)
            known += bits
            while known >= 8 {
                known -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(known)))
            }
        }
        if known > 0 { bytes.append(UInt8(truncatingIfNeeded: held << UInt32(8 - known))) }
        return Data(bytes).base64EncodedString()
    }
}
