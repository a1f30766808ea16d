/// Philox 4×32-10, as many blocks at a time as there are lanes of 64 bits. A word stands in the
/// low half of its lane; what is in the high half is dropped by the multiplication.
@Sendable
func randomWords(
    _ key: UInt64, _ stream: UInt64, _ firstBlock: UInt64,
    _ output: UnsafeMutablePointer<UInt32>, _ blocks: Int
) {
    let lanes = DoubleVector.lanes
    var iota = DoubleBits()
    for lane in 0..<lanes { iota[lane] = UInt64(lane) }
    let output = UnsafeMutableRawPointer(output)
    let bytesPerBlock = 16
    var block = 0
    while block < blocks {
        let counter = DoubleBits(repeating: firstBlock &+ UInt64(block)) &+ iota
        let words = philox(counter: counter, stream: stream, key: key)
        let target = output + block * bytesPerBlock
        if block + lanes <= blocks {
            target.storeBytes(of: words, as: PairOfVectors.self)
        } else {
            withUnsafeBytes(of: words) {
                target.copyMemory(
                    from: $0.baseAddress!, byteCount: (blocks - block) * bytesPerBlock)
            }
        }
        block += lanes
    }
}

private typealias PairOfVectors = (first: DoubleVector, second: DoubleVector)

/// The four words of each counter's block, one block after the other.
@inline(__always)
private func philox(counter: DoubleBits, stream: UInt64, key: UInt64) -> PairOfVectors {
    let lowHalf = DoubleBits(repeating: 0xFFFF_FFFF)
    var word0 = counter
    var word1 = counter.shiftedRight(32)
    var word2 = DoubleBits(repeating: stream)
    var word3 = DoubleBits(repeating: stream &>> 32)
    var key0 = key & 0xFFFF_FFFF
    var key1 = key &>> 32
    for _ in 0..<10 {
        let product0 = (word0 & lowHalf) &* DoubleBits(repeating: 0xD251_1F53)
        let product1 = (word2 & lowHalf) &* DoubleBits(repeating: 0xCD9E_8D57)
        word0 = product1.shiftedRight(32) ^ word1 ^ DoubleBits(repeating: key0)
        word1 = product1
        word2 = product0.shiftedRight(32) ^ word3 ^ DoubleBits(repeating: key1)
        word3 = product0
        key0 &+= 0x9E37_79B9
        key1 &+= 0xBB67_AE85
    }
    return DoubleVector.zip(
        even: DoubleVector(bits: (word0 & lowHalf) | word1.shiftedLeft(32)),
        odd: DoubleVector(bits: (word2 & lowHalf) | word3.shiftedLeft(32)))
}
