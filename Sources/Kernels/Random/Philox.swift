extension Kernels {
    public static func randomWords(
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
}

private typealias PairOfVectors = (first: DoubleVector, second: DoubleVector)

/// The four words of each counter's block, one block after the other.
@inline(__always)
private func philox(counter: DoubleBits, stream: UInt64, key: UInt64) -> PairOfVectors {
    var state = State(
        word0: counter, word1: counter.shiftedRight(32),
        word2: DoubleBits(repeating: stream), word3: DoubleBits(repeating: stream &>> 32),
        key0: DoubleBits(repeating: key), key1: DoubleBits(repeating: key &>> 32))
    // Ten rounds. The compiler would make shuffles of a loop.
    state.advance()
    state.advance()
    state.advance()
    state.advance()
    state.advance()
    state.advance()
    state.advance()
    state.advance()
    state.advance()
    state.advance()
    return DoubleVector.zip(
        even: DoubleVector(bits: State.low(state.word0) | state.word1.shiftedLeft(32)),
        odd: DoubleVector(bits: State.low(state.word2) | state.word3.shiftedLeft(32)))
}

/// A word or half of the key is in the low half of its lane; the high half is ignored.
private struct State {
    var word0, word1, word2, word3: DoubleBits
    var key0, key1: DoubleBits

    @inline(__always)
    static func low(_ word: DoubleBits) -> DoubleBits {
        word & DoubleBits(repeating: 0xFFFF_FFFF)
    }

    @inline(__always)
    mutating func advance() {
        let product0 = State.low(word0) &* DoubleBits(repeating: 0xD251_1F53)
        let product1 = State.low(word2) &* DoubleBits(repeating: 0xCD9E_8D57)
        word0 = product1.shiftedRight(32) ^ word1 ^ key0
        word1 = product1
        word2 = product0.shiftedRight(32) ^ word3 ^ key1
        word3 = product0
        key0 = key0 &+ DoubleBits(repeating: 0x9E37_79B9)
        key1 = key1 &+ DoubleBits(repeating: 0xBB67_AE85)
    }
}
