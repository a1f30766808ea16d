import Autograd
import FileSupport
import TestSupport
import Testing

@testable import Datasets

@Suite struct BinarizationTests {
    /// Pixels of many values, black and white among them.
    private static let dataset: Dataset = {
        let pixels = Tensor((0..<4000).map { UInt8($0 % 256) }, shape: [1000, 4])
        return Dataset(
            name: "grey", training: Examples(inputs: pixels), test: Examples(inputs: pixels),
            classNames: [], source: "")
    }()

    private static let grey = dataset.training.scaled()

    private func isBlackAndWhite(_ x: Tensor) -> Bool {
        ((x .== 0) .| (x .== 1)).all().scalar == 1
    }

    @Test func pixelsAreDrawnAnewWithTheirGreyValues() throws {
        let positions = Array(0..<1000)
        let drawn = try Self.dataset.binarized(.dynamic).training[positions]
        var generator = RandomGenerator(seed: 3)
        let batches = (0..<400).map { _ in
            drawn.batch(at: positions, as: .float32, using: &generator)
        }
        #expect(batches.allSatisfy { isBlackAndWhite($0.input) })
        // What is to be reconstructed is what was drawn.
        #expect(batches.allSatisfy { $0.target.isIdentical(to: $0.input) })
        #expect(!batches[0].input.isIdentical(to: batches[1].input))
        let mean = stacked(batches.map(\.input)).mean(axes: [0])
        // Six of the greatest standard deviations that a mean of 400 can have.
        #expect(abs(mean - Self.grey).max().scalar < 6 * 0.5 / 20)
        // Where nothing is drawn the values are the probabilities.
        let plain: Batch = drawn.batch(at: positions, as: .float32)
        #expect(plain.input.isIdentical(to: Self.grey))
    }

    @Test func aDrawThatIsFixedIsAlwaysTheSame() throws {
        let one = try Self.dataset.binarized(.fixed)
        let other = try Self.dataset.binarized(.fixed)
        #expect(one.training.inputs.dataType == .uint8)
        #expect(isBlackAndWhite(one.training.scaled()))
        #expect(one.training.inputs.isIdentical(to: other.training.inputs))
        #expect(!one.training.inputs.isIdentical(to: one.test.inputs))
        #expect(abs(one.training.scaled().mean().scalar - Self.grey.mean().scalar) < 0.05)
        var generator = RandomGenerator(seed: 3)
        let before = generator
        let batch = one.training.batch(at: [5], as: .float32, using: &generator)
        #expect(batch.input.isIdentical(to: one.training.scaled()[5..<6]))
        #expect(generator == before)
    }

    @Test func theThresholdIsOneHalf() throws {
        let cut = try Self.dataset.binarized(.threshold).training.scaled()
        #expect(cut.isIdentical(to: (Self.grey .>= 0.5).cast(to: .float32)))
    }

    @Test func otherNumbersAreRefused() throws {
        let numbers = Examples(inputs: Tensor([0, 0.5, 1, 1.5] as [Float], shape: [2, 2]))
        let data = Dataset(name: "n", training: numbers, test: numbers, classNames: [], source: "")
        let error = #expect(throws: FileError.self) { try data.binarized(.fixed) }
        #expect(error?.description.contains("1.5 in sample 2") == true)
    }
}
