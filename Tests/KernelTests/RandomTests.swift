import Foundation
import KernelInterface
import Testing

@Suite("Random numbers")
struct RandomTests {
    private func words(
        _ set: TestedKernels, key: UInt64, stream: UInt64, firstBlock: UInt64, blocks: Int
    ) -> [UInt32] {
        var output = [UInt32](repeating: 0, count: 4 * blocks)
        set.kernels.randomWords(key, stream, firstBlock, &output, blocks)
        return output
    }

    private func normal<T: KernelElement & BinaryFloatingPoint>(
        _ set: TestedKernels, _ words: [UInt32], pairs: Int, of _: T.Type
    ) -> [T] {
        var output = [T](repeating: 0, count: 2 * pairs)
        set.kernels.normal(T.type, words, &output, pairs)
        return output
    }

    /// One block, word by word, as in section 3.3 of the paper.
    private func philox(key: UInt64, stream: UInt64, block: UInt64) -> [UInt32] {
        var x = [block, block >> 32, stream, stream >> 32].map { UInt32(truncatingIfNeeded: $0) }
        var k = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
        for _ in 0..<10 {
            let p = x[0].multipliedFullWidth(by: 0xD251_1F53)
            let q = x[2].multipliedFullWidth(by: 0xCD9E_8D57)
            x = [q.high ^ x[1] ^ k.0, q.low, p.high ^ x[3] ^ k.1, p.low]
            k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
        }
        return x
    }

    @Test("known answers of Philox 4×32-10", arguments: TestedKernels.supported)
    func knownAnswers(set: TestedKernels) {
        #expect(
            words(set, key: 0, stream: 0, firstBlock: 0, blocks: 1)
                == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
        #expect(
            words(set, key: .max, stream: .max, firstBlock: .max, blocks: 1)
                == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
        #expect(
            words(
                set, key: 0x299F_31D0_A409_3822, stream: 0x0370_7344_1319_8A2E,
                firstBlock: 0x85A3_08D3_243F_6A88, blocks: 1)
                == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
    }

    @Test("any number of blocks from any counter", arguments: TestedKernels.supported)
    func blocks(set: TestedKernels) {
        for firstBlock: UInt64 in [0, 5, 0xFFFF_FFFA, 0xFFFF_FFFF_FFFF_FFF7] {
            for blocks in 0...19 {
                let naive = (0..<blocks).flatMap {
                    philox(key: 0x1234_5678_9ABC_DEF0, stream: 42, block: firstBlock &+ UInt64($0))
                }
                #expect(
                    words(
                        set, key: 0x1234_5678_9ABC_DEF0, stream: 42, firstBlock: firstBlock,
                        blocks: blocks) == naive)
            }
        }
    }

    @Test("normal deviates are those of Box and Muller", arguments: TestedKernels.supported)
    func boxMuller(set: TestedKernels) {
        let extremes: [UInt32] = [0, 0, 0, 0, .max, .max, .max, .max, 0, .max, .max, 0]
        let words = extremes + words(set, key: 1, stream: 2, firstBlock: 3, blocks: 100)
        func check<T: KernelElement & BinaryFloatingPoint>(
            _ type: T.Type, tolerance: Double, _ uniform: (Int) -> Double
        ) {
            let most = words.count * MemoryLayout<UInt32>.size / (2 * MemoryLayout<T>.size)
            for pairs in [0, 1, 2, 3, 7, 8, 9, 31, 33, most] {
                let deviates = normal(set, words, pairs: pairs, of: T.self)
                for i in 0..<pairs {
                    let radius = (-2 * log(uniform(2 * i))).squareRoot()
                    let angle = 2 * Double.pi * uniform(2 * i + 1)
                    let (x, y) = (Double(deviates[2 * i]), Double(deviates[2 * i + 1]))
                    #expect(abs(x - radius * cos(angle)) <= tolerance, "\(type) \(2 * i)")
                    #expect(abs(y - radius * sin(angle)) <= tolerance, "\(type) \(2 * i + 1)")
                }
            }
        }
        // The angle's rounding, some units of 2⁻²⁴ or 2⁻⁵³, times radii up to 9.4.
        check(Float.self, tolerance: 1e-5) { Double(Float((Double(words[$0]) + 1) * 0x1p-32)) }
        check(Double.self, tolerance: 2e-14) {
            let bits = UInt64(words[2 * $0]) | UInt64(words[2 * $0 + 1]) << 32
            return (Double(bits) + 1) * 0x1p-64
        }
    }

    @Test("moments of normal deviates", arguments: TestedKernels.supported)
    func moments(set: TestedKernels) {
        let pairs = 20_000
        let words = words(set, key: 7, stream: 0, firstBlock: 0, blocks: pairs)
        let floats = normal(set, words, pairs: pairs, of: Float.self).map(Double.init)
        let doubles = normal(set, words, pairs: pairs, of: Double.self)
        for x in [floats, doubles] {
            let n = Double(x.count)
            func moment(_ power: Int) -> Double {
                x.reduce(0) { sum, x in sum + (0..<power).reduce(1) { p, _ in p * x } } / n
            }
            // Four standard deviations of each moment's estimate: √(1, 2, 15, 96) / √n.
            #expect(abs(moment(1)) < 4 * (1 / n).squareRoot())
            #expect(abs(moment(2) - 1) < 4 * (2 / n).squareRoot())
            #expect(abs(moment(3)) < 4 * (15 / n).squareRoot())
            #expect(abs(moment(4) - 3) < 4 * (96 / n).squareRoot())
            let products = stride(from: 0, to: x.count, by: 2).map { x[$0] * x[$0 + 1] }
            #expect(abs(products.reduce(0, +) / (n / 2)) < 4 * (2 / n).squareRoot())
        }
    }
}
