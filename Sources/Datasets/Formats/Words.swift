import Autograd

/// Integers of type `Word`, one after another from `start` on.
func words<Word: FixedWidthInteger>(
    _ bytes: [UInt8], from start: Int, count: Int, bigEndian: Bool, as: Word.Type = Word.self
) -> [Word] {
    precondition(count * MemoryLayout<Word>.size <= bytes.count - start)
    return bytes.withUnsafeBytes { buffer in
        // Sound: all words lie within the bytes by the precondition.
        (0..<count).map { index in
            let word = buffer.loadUnaligned(
                fromByteOffset: start + index * MemoryLayout<Word>.size, as: Word.self)
            return bigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
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

/// The number of elements of a shape, nil if no tensor can have it: a header's claim is compared
/// with the actual size before any tensor is made.
func elementCount(_ shape: [Int]) -> Int? { Tensor.elementCount(of: shape) }
