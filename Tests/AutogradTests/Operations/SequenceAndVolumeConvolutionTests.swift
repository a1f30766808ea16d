import Autograd
import TestSupport
import Testing

/// Convolutions of one and three axes.
@Suite struct SequenceAndVolumeConvolutionTests {
    private func sines(_ shape: Int...) -> Tensor {
        sin(Tensor.range(shape.reduce(1, *), dataType: .float64)).reshaped(shape)
    }

    private func cosines(_ shape: Int...) -> Tensor {
        cos(Tensor.range(shape.reduce(1, *), dataType: .float64)).reshaped(shape)
    }

    private func agree(_ found: Tensor, _ shape: [Int], _ expected: [Double]) -> Bool {
        found.shape == shape
            && closeness(of: numbers(found), to: expected, tolerance: 1e-10).passes
    }

    /// The numbers are those of PyTorch 2.15: `conv1d`, `conv_transpose1d`, `conv3d` and
    /// `conv_transpose3d` in double precision.
    @Test func agreesWithPyTorch() {
        #expect(
            agree(
                convolution1D(
                    sines(1, 4, 7), cosines(4, 2, 3), stride: 2, padding: 2, dilation: 2, groups: 2),
                [1, 4, 4],
                [
                    -0.690933916706, -0.397213368702, 0.981501680446, -0.19242803544,
                    -0.681737644364, -0.153186745357, 0.808609448791, -0.378740102129,
                    0.291173985103, 0.683195259577, -0.29314399154, -0.620610781528, 0.476201198424,
                    0.521446688903, -0.473797782333, -0.477101778716,
                ]))
        #expect(
            agree(
                transposedConvolution1D(
                    sines(1, 4, 2), cosines(4, 1, 3), stride: 3, padding: 1, outputPadding: 1,
                    dilation: 2, groups: 2),
                [1, 2, 7],
                [
                    0, -0.594356462512, 0.701763235708, 0.257933295329, 0.362406520368, 0,
                    -0.310145078475, 0, -0.336105517984, -1.51933096742, 0.108878180046,
                    -1.27419392238, 0, 0.142431138652,
                ]))
        #expect(
            agree(
                convolution3D(
                    sines(1, 2, 3, 4, 3), cosines(2, 1, 2, 2, 2),
                    stride: Size3D(depth: 2, height: 1, width: 2),
                    padding: Size3D(depth: 1, height: 0, width: 1),
                    dilation: Size3D(depth: 1, height: 2, width: 1), groups: 2),
                [1, 2, 2, 2, 2],
                [
                    -0.210651973991, 1.08460957727, 0.350727464979, -1.05357920916,
                    -0.548197451557, 0.319811350753, 0.548192706581, -0.146035387155,
                    -0.203716186641, -0.401295991575, 0.228171898663, 0.514256082268, 0.44107821291,
                    0.293520521867, -0.369668723821, -0.424581321729,
                ]))
        let spread = transposedConvolution3D(
            sines(1, 2, 2, 2, 2), cosines(2, 1, 2, 2, 1),
            stride: Size3D(depth: 2, height: 1, width: 2),
            padding: Size3D(depth: 1, height: 0, width: 0),
            outputPadding: Size3D(depth: 1, height: 0, width: 1),
            dilation: Size3D(depth: 1, height: 2, width: 1))
        // Every other column has no place of the filter.
        let columns = spread.sliced(axis: 4, 0..<4, step: 2)
        #expect(spread.sliced(axis: 4, 1..<4, step: 2).isIdentical(to: .zeros(like: columns)))
        #expect(
            agree(
                columns, [1, 1, 3, 4, 2],
                [
                    0.94995239126, 0.0455284357345, -0.90075415364, -1.0188875282, 0.745879412483,
                    -0.522352905986, -1.31033637165, -0.893602620139, -0.406075030329,
                    -1.23356377798, -0.926919677029, 0.231930100275, -0.561107579882,
                    -0.398923496828, 0.13002900948, 0.539433444131, -0.200260408172, 0.80248520758,
                    1.06742962433, 0.350984167178, 0.344705259263, 1.26609271299, 1.02344036528,
                    -0.160158334432,
                ]))
    }

    @Test(arguments: 0..<30) func agreesWithItsDefinition(_ seed: Int) {
        var generator = RandomGenerator(seed: UInt64(seed))
        let axes = seed % 2 == 0 ? 1 : 3
        func sizes(_ range: ClosedRange<Int>) -> [Int] {
            (0..<axes).map { _ in Int.random(in: range, using: &generator) }
        }
        let sliding = Sliding(
            stride: sizes(1...3), padding: sizes(0...1), dilation: sizes(1...2),
            groups: 1 + seed % 3)
        let outputPadding = sliding.stride.map { Int.random(in: 0..<$0, using: &generator) }
        let channels = sliding.groups * Int.random(in: 1...2, using: &generator)
        let outputs = sliding.groups * Int.random(in: 1...2, using: &generator)
        let x = generator.normal([2, channels] + sizes(4...5), dataType: .float64)
        let window = sizes(1...2)
        let filter = generator.normal(
            [outputs, channels / sliding.groups] + window, dataType: .float64)
        let back = generator.normal(
            [channels, outputs / sliding.groups] + window, dataType: .float64)
        let (value, spread): (Tensor, Tensor)
        if axes == 1 {
            let (stride, padding) = (sliding.stride[0], sliding.padding[0])
            value = convolution1D(
                x, filter, stride: stride, padding: padding, dilation: sliding.dilation[0],
                groups: sliding.groups)
            spread = transposedConvolution1D(
                x, back, stride: stride, padding: padding, outputPadding: outputPadding[0],
                dilation: sliding.dilation[0], groups: sliding.groups)
        } else {
            let (stride, padding) = (Size3D(sliding.stride), Size3D(sliding.padding))
            value = convolution3D(
                x, filter, stride: stride, padding: padding, dilation: Size3D(sliding.dilation),
                groups: sliding.groups)
            spread = transposedConvolution3D(
                x, back, stride: stride, padding: padding, outputPadding: Size3D(outputPadding),
                dilation: Size3D(sliding.dilation), groups: sliding.groups)
        }
        let expected = sliding.convolved(NaiveArray(x), NaiveArray(filter)).tensor
        #expect(closeness(of: value, to: expected, tolerance: 1e-11).passes, "\(sliding)")
        let other = sliding.spread(
            NaiveArray(x), NaiveArray(back), outputPadding: outputPadding
        ).tensor
        #expect(closeness(of: spread, to: other, tolerance: 1e-11).passes, "\(sliding)")
    }

    /// What comes later changes nothing, to the last bit.
    @Test func causalOutputsDoNotSeeTheFuture() {
        var generator = RandomGenerator(seed: 3)
        let (x, filter) = (generator.normal([1, 2, 20]), generator.normal([3, 2, 3]))
        let whole = causalConvolution1D(x, filter, dilation: 2)
        #expect(whole.shape == [1, 3, 20])
        let start = causalConvolution1D(x.sliced(axis: 2, 0..<7), filter, dilation: 2)
        #expect(start.isIdentical(to: whole.sliced(axis: 2, 0..<7)))
    }
}
