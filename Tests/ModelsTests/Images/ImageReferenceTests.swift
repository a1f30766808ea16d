import Autograd
import Models
import TestSupport
import Testing

/// What other libraries compute, where their conventions are the same.
@Suite struct ImageReferenceTests {
    private static func sines(_ height: Int, _ width: Int) -> Tensor {
        sin(Tensor.range(height * width, dataType: .float64)).reshaped([1, 1, height, width])
    }

    /// The numbers are those of PyTorch 2.15, `interpolate`: some rows and columns of the result. For
    /// bicubic interpolation, and where images become smaller, they are made with `antialias=True`,
    /// and away from the edges, where PyTorch cuts the kernel off instead of repeating pixels.
    @Test(arguments: [
        (
            Interpolation.nearest, 5, 4, Size2D(height: 3, width: 7), 1..<2, 0..<7,
            [
                0.989358246623, 0.989358246623, 0.412118485242, -0.544021110889, -0.544021110889,
                -0.999990206551, -0.999990206551,
            ]
        ),
        (
            .bilinear, 5, 4, Size2D(height: 8, width: 6), 0..<2, 0..<6,
            [
                0.0, 0.420735492404, 0.852775391811, 0.897993019823, 0.525208717443, 0.14112000806,
                -0.331101091697, -0.138651516454, 0.109704302679, 0.333329278238, 0.3780235818,
                0.366811641473,
            ]
        ),
        (
            .bilinear, 24, 20, Size2D(height: 9, width: 8), 4..<5, 3..<5,
            [0.118093937635, -0.219753000655]
        ),
        (
            .bicubic, 12, 10, Size2D(height: 16, width: 15), 6..<8, 6..<9,
            [
                -0.346040929553, -0.0331668502659, 0.292444966695, -0.319956134171, -0.766933445044,
                -0.919369762201,
            ]
        ),
        (
            .bicubic, 24, 20, Size2D(height: 9, width: 8), 4..<5, 3..<5,
            [0.184019850829, -0.344116836254]
        ),
        (
            .area, 8, 9, Size2D(height: 2, width: 3), 0..<2, 0..<3,
            [
                0.124529885463, -0.129955329208, 0.132779716155, 0.0309526483775, -0.0123599744205,
                -0.00648008450866,
            ]
        ),
    ])
    func resizingAgreesWithPyTorch(
        _ kind: Interpolation, _ height: Int, _ width: Int, _ size: Size2D, _ rows: Range<Int>,
        _ columns: Range<Int>, _ expected: [Double]
    ) {
        let result = resized(Self.sines(height, width), to: size, by: kind)
            .sliced(axis: 2, rows).sliced(axis: 3, columns)
        #expect(closeness(of: numbers(result), to: expected, tolerance: 1e-10).passes, "\(result)")
    }

    /// Numbers of the definitions, computed with SciPy: with the whole window instead of a row and a
    /// column, and with the default weights.
    @Test func similaritiesAgreeWithSciPy() {
        let y = Tensor.range(180, dataType: .float64).expandingAxis(1)
        let x = Tensor.range(190, dataType: .float64)
        let truth = 0.5 + 0.3 * sin(0.05 * x + 0.09 * y) + 0.1 * cos(1.7 * x - 0.6 * y)
        let images = truth + 0.08 * sin(2.9 * x + 1.3 * y) + 0.02
        func batch(_ x: Tensor) -> Tensor { x.reshaped([1, 1, 180, 190]) }
        let single = structuralSimilarity(batch(images), batch(truth))
        #expect(abs(single.scalar - 0.799814894761) < 1e-10)
        let several = multiScaleStructuralSimilarity(batch(images), batch(truth))
        #expect(abs(several.scalar - 0.989198389811) < 1e-10)
    }
}
