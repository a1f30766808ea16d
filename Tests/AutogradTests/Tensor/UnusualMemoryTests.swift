import Testing

@testable import Autograd

/// Memory as it comes from outside, and much of it.
@Suite struct UnusualMemoryTests {
    /// The same elements in memory aligned to an element only, as a mapped file has them.
    private func misaligned(_ tensor: Tensor) -> Tensor {
        let size = tensor.dataType.size
        let copy = Storage(.uint8, count: (tensor.count + 1) * size + 64)
        let address = copy.pointer + size
        tensor.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress {
                address.copyMemory(from: source, byteCount: bytes.count)
            }
        }
        let storage = Storage(tensor.dataType, count: tensor.count, at: address, owner: copy)
        return Tensor(storage, tensor.shape)
    }

    private static let operations:
        [(name: String, shapes: [[Int]], of: @Sendable ([Tensor]) -> Tensor)] = [
            ("small chain", [[37], [37]], { exp($0[0]) * $0[1] - $0[0] }),
            ("fused chain", [[301, 203], [203]], { tanh($0[0]) * $0[1] - $0[0] }),
            ("sum", [[301, 203]], { $0[0].sum() }),
            ("sum of columns", [[301, 203]], { $0[0].sum(axes: [0]) }),
            ("product", [[33, 65], [65, 47]], { matmul($0[0], $0[1]) }),
            (
                "large product", [[130, 300], [210, 300]],
                {
                    matmul($0[0], $0[1], transposingRight: true)
                }
            ),
            ("convolution", [[3, 5, 9, 11], [7, 5, 3, 3]], { convolution2D($0[0], $0[1]) }),
            ("softmax", [[17, 33]], { softmax($0[0]) }),
        ]

    @Test(arguments: operations.indices, [DataType.float32, .float64])
    func alignmentDoesNotMatter(_ index: Int, _ type: DataType) {
        let (name, shapes, operation) = Self.operations[index]
        var generator = RandomGenerator(seed: 1)
        let operands = shapes.map { generator.normal($0, dataType: type) }
        let expected = operation(operands)
        let found = operation(operands.map(misaligned))
        #expect(found.isIdentical(to: expected), "\(name)")
    }

    @Test func aHundredMillionElements() {
        let count = 100_000_000
        let x = Tensor(repeating: 0.5, shape: [count])
        #expect((x * 2 - 0.5).sum().scalar == Double(count) / 2)
        #expect(x.max().scalar == 0.5)
    }

    @Test func oneElementAndNone() {
        let one = Tensor([2] as [Float])
        #expect((exp(one) * one).count == 1)
        #expect(matmul(one.reshaped([1, 1]), one.reshaped([1, 1])).scalar == 4)
        let none = Tensor.zeros([0, 5])
        #expect((tanh(none) + 1).shape == [0, 5])
        #expect(matmul(none, Tensor.ones([5, 3])).shape == [0, 3])
        #expect(
            matmul(Tensor.ones([3, 0]), Tensor.ones([0, 2])).elements(as: Float.self) == [
                0, 0, 0, 0, 0, 0,
            ])
        #expect(none.sum().scalar == 0)
    }
}
