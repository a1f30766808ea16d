import Autograd
import TestSupport
import Testing

@Suite struct BilinearSamplingTests {
    private static let images = Tensor(
        numbers(sin(Tensor.range(24, dataType: .float64))), shape: [1, 2, 3, 4])
    private static let places = Tensor(
        rows: [
            [0.5, 0.25], [2.75, 1.5], [-0.75, 1.25], [3.5, -0.5], [9.3, 4.6], [-5.2, -7.9],
        ]
    ).expandingAxis(0)

    /// Values, and the gradients of their sum weighted by cos 0, cos 1, …, computed by PyTorch 2.15:
    /// `grid_sample` with `align_corners=True`.
    @Test(arguments: [
        (
            Border.clamped,
            [
                0.101085773057, -0.231555929073, -0.320262309825, 0.14112000806, -0.999990206551, 0,
                -0.199814806508, -0.35610851745, 0.0123088251831, 0.650287840157, -0.846220404175,
                -0.536572918,
            ]
        ),
        (
            .zero,
            [
                0.101085773057, -0.231555929073, -0.0800655774563, 0.035280002015, 0, 0,
                -0.199814806508, -0.35610851745, 0.00307720629578, 0.162571960039, 0, 0,
            ]
        ),
        (
            .reflected,
            [
                0.101085773057, -0.231555929073, -0.542188265971, 0.356997133851, 0.374268875262,
                0.514009117182, -0.199814806508, -0.35610851745, -0.380835950661, 0.259946289686,
                0.228724201567, 0.123267275591,
            ]
        ),
    ])
    func agreesWithPyTorch(_ border: Border, _ expected: [Double]) {
        let found = bilinearlySampled(Self.images, at: Self.places, border: border)
        #expect(found.shape == [1, 2, 6])
        #expect(closeness(of: numbers(found), to: expected, tolerance: 1e-10).passes)
        let single = bilinearlySampled(
            Self.images.cast(to: .float32), at: Self.places.cast(to: .float32), border: border)
        #expect(closeness(of: numbers(single), to: expected, tolerance: 1e-5).passes)
    }

    @Test func gradientsAgreeWithPyTorch() {
        let weights = cos(Tensor([0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12].map(Double.init)))
            .reshaped([1, 2, 6])
        let found = gradient(at: Self.places) { places in
            (bilinearlySampled(Self.images, at: places, border: .reflected) * weights).sum()
        }
        let expected = [
            0.994601906095, -1.70564489723, 0.125170240571, -0.625489070794, -0.600746516229,
            -2.11180897982, 0.318439234894, -1.2736577907, 0.164608534692, -0.00679924613931,
            0.878871564062, -1.34220128509,
        ]
        #expect(closeness(of: numbers(found), to: expected, tolerance: 1e-9).passes)
    }

    /// At pixels the image itself; a grid of points keeps its axes.
    @Test(arguments: Border.allCases) func pixelsAreTheImage(_ border: Border) {
        let grid = (0..<3).flatMap { y in (0..<4).flatMap { x in [Float(x), Float(y)] } }
        let images = Self.images.cast(to: .float32)
        let found = bilinearlySampled(
            images, at: Tensor(grid, shape: [1, 3, 4, 2]), border: border)
        #expect(found.isIdentical(to: images))
    }

    /// Where the slope changes it is that of the cell at greater coordinates.
    @Test(arguments: [
        (Border.clamped, [3.0, 2, 0, 0, 0, 0, 0, 0]), (.zero, [3, 2, -6, 0, 1, 0, 0, 0]),
        (.reflected, [3, 2, -2, -3, -3, 3, -2, 3]),
    ])
    func kinksTakeTheRightHandCell(_ border: Border, _ slopes: [Double]) {
        let image = Tensor([1.0, 4, 6], shape: [1, 1, 1, 3])
        let places = Tensor(rows: [0.0, 1, 2, 3, -1, 4, -2, -4].map { [$0, 0] }).expandingAxis(0)
        let found = gradient(at: places) {
            bilinearlySampled(image, at: $0, border: border).sum()
        }
        #expect(numbers(found.sliced(axis: 2, 0..<1)) == slopes)
    }

    /// However far a coordinate is, there is a pixel, or none.
    @Test(arguments: [1e9, -1e9, 1e30, -1e30, -1e-30, 3e-45]) func farPlaces(_ place: Double) {
        for border in Border.allCases {
            for type in [DataType.float32, .float64] {
                let image = Tensor.ones([1, 1, 2, 3], dataType: type)
                let at = Tensor([place, 0.5], shape: [1, 2]).cast(to: type)
                let value = bilinearlySampled(image, at: at, border: border).scalar
                #expect(value == (border == .zero && abs(place) > 10 ? 0 : 1), "\(border)")
            }
        }
    }

    /// What is not seen has no say.
    @Test func whatIsOutsideIsZero() {
        let image = Tensor(repeating: .nan, shape: [1, 1, 2, 2])
        let far = Tensor([5, 5] as [Float], shape: [1, 2])
        #expect(bilinearlySampled(image, at: far, border: .zero).scalar == 0)
        #expect(bilinearlySampled(image, at: far).scalar.isNaN)
    }

    /// Many samples at a pixel lose no digits.
    @Test func manyMeetAtAPixel() {
        let count = 100_000
        let places = Tensor.zeros([1, count, 2])
        let found = gradient(at: Tensor.zeros([1, 1, 2, 2])) {
            (0.1 * bilinearlySampled($0, at: places)).sum()
        }
        let expected = Double(Float(0.1)) * Double(count)
        #expect(abs(found.elements(as: Float.self)[0].asDouble / expected - 1) < 1e-7)
    }
}
