/// Numbers in rows and columns as a file holds them: a shape and the elements,
/// last dimension fastest.
public struct NumberArray: Sendable, Hashable {
    public enum Elements: Sendable, Hashable {
        case bool([Bool])
        case uint8([UInt8])
        case int32([Int32])
        case float32([Float])
        case float64([Double])
    }

    public let shape: [Int]
    public let elements: Elements

    /// Traps where the shape is not that of so many elements.
    public init(shape: [Int], elements: Elements) {
        guard shape.allSatisfy({ $0 >= 0 }), Self.count(shape) == elements.count else {
            fatalError("NumberArray: \(elements.count) elements do not fill the shape \(shape)")
        }
        self.shape = shape
        self.elements = elements
    }

    /// The number of elements of the shape, nil where it overflows.
    static func count(_ shape: [Int]) -> Int? {
        if shape.contains(0) { return 0 }
        return shape.reduce(1) { (product: Int?, size) in
            guard let (count, overflow) = product?.multipliedReportingOverflow(by: size) else {
                return nil
            }
            return overflow ? nil : count
        }
    }
}

extension NumberArray.Elements {
    public var count: Int {
        switch self {
        case .bool(let values): values.count
        case .uint8(let values): values.count
        case .int32(let values): values.count
        case .float32(let values): values.count
        case .float64(let values): values.count
        }
    }

    /// Position of the first element that is not a finite number.
    var firstNotFinite: Int? {
        switch self {
        case .bool, .uint8, .int32: nil
        case .float32(let values): values.firstIndex { !$0.isFinite }
        case .float64(let values): values.firstIndex { !$0.isFinite }
        }
    }
}

/// The integers of type `Word`, one after another from `start` on.
func words<Word: FixedWidthInteger>(
    _ bytes: [UInt8], from start: Int, count: Int, bigEndian: Bool, as: Word.Type = Word.self
) -> [Word] {
    precondition(count * MemoryLayout<Word>.size <= bytes.count - start)
    return bytes.withUnsafeBytes { buffer in
        [Word](unsafeUninitializedCapacity: count) { words, initialized in
            // Sound: all words lie within the bytes by the precondition.
            for index in 0..<count {
                let word = buffer.loadUnaligned(
                    fromByteOffset: start + index * MemoryLayout<Word>.size, as: Word.self)
                words[index] = bigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
            }
            initialized = count
        }
    }
}

extension FixedWidthInteger {
    var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}

/// The words one after another, each with its lowest byte first.
func littleEndianBytes(_ words: [some FixedWidthInteger]) -> [UInt8] {
    words.map(\.littleEndian).withUnsafeBytes { Array($0) }
}
