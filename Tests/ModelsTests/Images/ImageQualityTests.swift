import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct ImageQualityTests {
    /// Waves of two directions: row 0 of the batch more regular than row 1.
    private static func waves(_ shift: Double) -> Tensor {
        let elements = (0..<2 * 2 * 14 * 13).map { index in
            let (x, y) = (Double(index % 13), Double(index / 13 % 14))
            let (channel, image) = (Double(index / 182 % 2), Double(index / 364))
            return 0.5 + 0.3 * sin(0.9 * x + (0.4 + image) * y + shift) + 0.1 * channel
                * cos(y * x)
        }
        return Tensor(elements, shape: [2, 2, 14, 13])
    }

    @Test func signalToNoiseRatios() {
        let truth = Tensor.zeros([3, 1, 2, 2], dataType: .float64)
        let errors = Tensor([0.1, -0.1, 0.1, 0.1, 1, 0, 0, 0, 0, 0, 0, 0], shape: [3, 1, 2, 2])
        let ratios = numbers(peakSignalToNoiseRatio(errors, truth))
        #expect(
            closeness(of: Array(ratios[0..<2]), to: [20, 10 * log10(4.0)], tolerance: 1e-12).passes)
        #expect(ratios[2] == .infinity)
    }

    /// The definition, place by place.
    @Test func similarityIsThatOfItsDefinition() {
        let (x, y) = (Self.waves(0), Self.waves(0.7))
        let (a, b) = (NaiveArray(x), NaiveArray(y))
        let bell = (0..<11).map { exp(-pow(Double($0) - 5, 2) / 4.5) }
        let total = bell.reduce(0, +) * bell.reduce(0, +)
        let expected = NaiveArray(shape: [2]) { at in
            var sum = 0.0
            let places = NaiveArray.indices([2, 4, 3])
            for place in places {
                var means = [Double](repeating: 0, count: 5)
                for offset in NaiveArray.indices([11, 11]) {
                    let index = [at[0], place[0], place[1] + offset[0], place[2] + offset[1]]
                    let weight = bell[offset[0]] * bell[offset[1]] / total
                    let (p, q) = (a[index], b[index])
                    for (k, value) in [p, q, p * p, q * q, p * q].enumerated() {
                        means[k] += weight * value
                    }
                }
                let (mp, mq) = (means[0], means[1])
                sum +=
                    (2 * mp * mq + 1e-4) * (2 * (means[4] - mp * mq) + 9e-4)
                    / ((mp * mp + mq * mq + 1e-4)
                        * (means[2] - mp * mp + means[3] - mq * mq + 9e-4))
            }
            return sum / Double(places.count)
        }
        let found = structuralSimilarity(x, y)
        #expect(closeness(of: found, to: expected.tensor, tolerance: 1e-10).passes)
        // Single precision is enough for images.
        let single = structuralSimilarity(x.cast(to: .float32), y.cast(to: .float32))
        #expect(closeness(of: numbers(single), to: numbers(found), tolerance: 1e-4).passes)
    }

    @Test func similarityOfKnownImages() {
        let x = Self.waves(0)
        #expect(
            closeness(of: numbers(structuralSimilarity(x, x)), to: [1, 1], tolerance: 1e-12).passes)
        // Flat images differ in their luminance alone.
        let (dark, light) = (0.2 + 0 * x, 0.6 + 0 * x)
        let expected = (2 * 0.2 * 0.6 + 1e-4) / (0.04 + 0.36 + 1e-4)
        let flat = numbers(structuralSimilarity(dark, light))
        #expect(closeness(of: flat, to: [expected, expected], tolerance: 1e-9).passes)
        // A negative is unlike the image.
        #expect(numbers(structuralSimilarity(x, 1 - x)).allSatisfy { $0 < -0.5 })
    }

    @Test func imagesWithoutRoomForTheWindowTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = structuralSimilarity(.zeros([1, 1, 11, 10]), .zeros([1, 1, 11, 10]))
        }
        #expect(message(of: result).contains("structuralSimilarity: images of shape"))
    }
}

@Suite struct BicubicInterpolationTests {
    /// The values at the centres of pixels, of a function of the unit square.
    private func sampled(_ height: Int, _ width: Int, _ f: (Double, Double) -> Double) -> Tensor {
        let elements = (0..<height * width).map { index in
            f(
                (Double(index % width) + 0.5) / Double(width),
                (Double(index / width) + 0.5) / Double(height))
        }
        return Tensor(elements, shape: [1, height, width])
    }

    /// Cubic convolution is exact for polynomials up to the second degree in each direction, where
    /// all four pixels that it looks at are there.
    @Test(arguments: [(20, 24), (15, 16), (40, 60), (13, 13)])
    func quadraticsAreExact(height: Int, width: Int) {
        let polynomial = { (x: Double, y: Double) in
            0.3 + x - 2 * y + 3 * x * x - x * y + 0.5 * y * y - 2 * x * x * y * y
        }
        let enlarged = resized(
            sampled(10, 12, polynomial), to: Size2D(height: height, width: width))
        let expected = sampled(height, width, polynomial)
        let (top, left) = (2 * height / 10, 2 * width / 12)
        func inner(_ x: Tensor) -> Tensor {
            x.sliced(axis: 1, top..<height - top).sliced(axis: 2, left..<width - left)
        }
        #expect(inner(expected).count > 0)
        #expect(closeness(of: inner(enlarged), to: inner(expected), tolerance: 1e-12).passes)
        // It is no more than of second degree.
        let cubic = { (x: Double, y: Double) in x * x * x }
        let other = resized(sampled(10, 12, cubic), to: Size2D(20))
        #expect(!closeness(of: other, to: sampled(20, 20, cubic), tolerance: 1e-6).passes)
    }

    @Test func weightsAreKnown() {
        // A quarter of the way between pixels, in 128th parts.
        let spot = Tensor([0, 0, 0, 0, 1.0, 0, 0, 0], shape: [1, 8])
        let enlarged = resized(spot, to: Size2D(height: 1, width: 16))
        let near = Array(numbers(enlarged)[4..<14])
        let expected = [0, -3, -9, 29, 111, 111, 29, -9, -3, 0].map { $0 / 128.0 }
        #expect(closeness(of: near, to: expected, tolerance: 1e-12).passes, "\(near)")
    }

    @Test func flatImagesStayFlatAndSmallerOnesAreMeans() {
        for size in [Size2D(height: 3, width: 17), Size2D(height: 7, width: 2), Size2D(1)] {
            let flat = resized(0.25 + Tensor.zeros([2, 3, 5, 6]), to: size)
            #expect(flat.shape == [2, 3, size.height, size.width])
            #expect(abs(flat - 0.25).max().scalar < 1e-6)
        }
        // The finest checks are finer than the pixels of the smaller image, which is grey.
        let checks = sampled(16, 16) { x, y in Double((Int(x * 16) + Int(y * 16)) % 2) }
        let small = resized(checks, to: 8)
        let inner = small.sliced(axis: 1, 2..<6).sliced(axis: 2, 2..<6)
        #expect(abs(inner - 0.5).max().scalar < 0.01)
        #expect(resized(checks, to: 16).isIdentical(to: checks))
    }

    @Test func itHasDerivatives() {
        let image = sampled(4, 3) { x, y in x * y }
        let check = gradientCheck(at: image) { sin(resized($0, to: 5)).sum() }
        #expect(check.passes, "\(check)")
    }

    @Test(arguments: [
        (Interpolation.nearest, [0.0, 1, 2, 3], 8, [0.0, 0, 1, 1, 2, 2, 3, 3]),
        (.nearest, [0, 1, 2, 3], 2, [1, 3]),
        (.bilinear, [0, 1], 4, [0, 0.25, 0.75, 1]),
        (.bilinear, [0, 0, 8, 8, 0, 0], 3, [1, 6, 1]),
        (.area, [0, 1, 2, 3], 2, [0.5, 2.5]),
        (.area, [0, 3, 6], 2, [1, 5]),
        (.area, [0, 6], 3, [0, 3, 6]),
    ])
    func rowsByEveryInterpolation(
        _ interpolation: Interpolation, _ row: [Double], _ count: Int, _ expected: [Double]
    ) {
        let image = Tensor(row, shape: [1, row.count])
        let result = resized(image, to: Size2D(height: 1, width: count), by: interpolation)
        #expect(
            closeness(of: result, to: Tensor(expected, shape: [1, count]), tolerance: 1e-12).passes,
            "\(result)")
    }

    @Test(arguments: Interpolation.allCases) func flatImagesStayFlat(_ kind: Interpolation) {
        for size in [Size2D(3), Size2D(7), Size2D(height: 11, width: 2)] {
            let flat = resized(Tensor(repeating: 0.25, shape: [2, 5, 6]), to: size, by: kind)
            #expect(abs(flat - 0.25).max().scalar < 1e-6, "\(size)")
        }
        let check = gradientCheck(at: Tensor([1.0, 3, 2, 5], shape: [2, 2])) {
            sin(resized($0, to: 3, by: kind)).sum()
        }
        #expect(check.passes, "\(check)")
    }
}

@Suite struct MultiScaleSimilarityTests {
    /// With one scale it is the structural similarity; with two the product of powers.
    @Test func scalesAreMultiplied() {
        var generator = RandomGenerator(seed: 2)
        let truth = generator.uniform([2, 1, 24, 26], dataType: .float64)
        let images = truth + 0.1 * generator.normal([2, 1, 24, 26], dataType: .float64)
        let one = multiScaleStructuralSimilarity(images, truth, weights: [1])
        #expect(
            closeness(of: one, to: structuralSimilarity(images, truth), tolerance: 1e-12).passes)
        let equal = multiScaleStructuralSimilarity(truth, truth, weights: [0.5, 0.5])
        #expect(abs(equal - 1).max().scalar < 1e-12)
        let two = multiScaleStructuralSimilarity(images, truth, weights: [0, 1])
        let half = structuralSimilarity(
            averagePooling2D(images, window: 2), averagePooling2D(truth, window: 2))
        #expect(closeness(of: two, to: half, tolerance: 1e-12).passes)
        // What is opposed has none, and a gradient all the same.
        let opposed = multiScaleStructuralSimilarity(1 - truth, truth, weights: [0.5, 0.5])
        #expect(opposed.max().scalar == 0)
        let check = gradientCheck(at: images) {
            multiScaleStructuralSimilarity($0, truth, weights: [0.3, 0.7]).sum()
        }
        #expect(check.passes, "\(check)")
    }

    @Test func imagesThatAreTooSmallTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let images = Tensor.zeros([1, 1, 175, 200])
            _ = multiScaleStructuralSimilarity(images, images)
        }
        #expect(message(of: result).contains("with at least 176 × 176 pixels"))
    }
}
