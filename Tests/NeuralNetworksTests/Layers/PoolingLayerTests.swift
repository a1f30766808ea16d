import Autograd
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct PoolingLayerTests {
    private let image = Tensor((1...16).map(Double.init), shape: [1, 1, 4, 4])

    @Test func windowsAreSummarised() {
        #expect(Pooling2D(.max, 2)(image).elements(as: Double.self) == [6, 8, 14, 16])
        #expect(Pooling2D(.average, 2)(image).elements(as: Double.self) == [3.5, 5.5, 11.5, 13.5])
        // Windows that overlap, and reach beyond the edge.
        let greatest = Pooling2D(.max, 3, stride: 2, padding: 1)(image)
        #expect(greatest.elements(as: Double.self) == [6, 8, 14, 16])
        let means = Pooling2D(.average, Size2D(height: 4, width: 2), stride: 2)(image)
        #expect(means.elements(as: Double.self) == [7.5, 9.5])
    }

    @Test func windowsOfSequencesAreSummarised() {
        let sequence = Tensor([1.0, 5, 2, 4, 3], shape: [1, 1, 5])
        #expect(Pooling1D(.max, 2)(sequence).elements(as: Double.self) == [5, 4])
        let means = Pooling1D(.average, 3, stride: 2, padding: 1)(sequence)
        #expect(means.elements(as: Double.self) == [2, 11.0 / 3, 7.0 / 3])
    }

    @Test func pixelsAreRepeated() {
        let small = Tensor([1.0, 2, 3, 4], shape: [2, 1, 1, 2])
        let large = Upsampling2D(Size2D(height: 2, width: 3))(small)
        #expect(large.shape == [2, 1, 2, 6])
        let rows = [[1.0, 1, 1, 2, 2, 2], [3, 3, 3, 4, 4, 4]]
        #expect(large.elements(as: Double.self) == rows.flatMap { $0 + $0 })
        // What a mean takes together, repetition takes apart.
        #expect(Pooling2D(.average, Size2D(height: 2, width: 3))(large).isIdentical(to: small))
        let check = gradientCheck(at: small) { Upsampling2D(2)($0 * $0) }
        #expect(check.passes, "\(check)")
    }

    @Test func upsamplingSaysWhatItNeeds() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Upsampling2D(2)(.zeros([3, 4, 4]))
        }
        #expect(message(of: result).contains("Upsampling2D: expected an input [batch, channels"))
    }
}
